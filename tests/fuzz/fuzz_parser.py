"""Random texts, guided by coverage, against the cell parser; not part of `make test`.

    python tests/fuzz/fuzz_parser.py -max_total_time=300

Needs atheris (Linux, macOS). Stops at the first text that breaks a property of ``reading_properties``; such a text
belongs into ``test_reading.py`` as an example, together with the repair.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["stats.returns"]):
    from reading_properties import check_reading
    from stats.catalogue.variables import questions

QUESTIONS = questions()
# What real returns are made of; half of the texts are strings of these.
PIECES = (
    *"0123456789０１２５９〇零一二两三十百千万亿余多约近至",
    *".,，。、%％‰xX*×□某-—－–/…+=()（）<>≥≤#¥￥_'\"“” \u3000\u200b\u00a0\n\t",
    *(
        "人",
        "名",
        "位",
        "次",
        "个",
        "人次",
        "户次",
        "万元",
        "元",
        "左右",
        "以上",
        "以下",
        "不少于",
        "至少",
        "共",
        "累计",
        "每",
        "季度",
    ),
    *(
        "召开",
        "一次",
        "月",
        "半年",
        "年",
        "日",
        "含",
        "其中",
        "女",
        "张",
        "三",
        "同志",
        "部队",
        "旅",
        "138",
        "0013",
        "8000",
        "1e5",
        "0x1F",
    ),
    *(
        "是",
        "否",
        "现场",
        "达标",
        "不适用",
        "未统计",
        "无",
        "#N/A",
        "nan",
        "inf",
        "O",
        "l",
        "①",
        "½",
        "٣",
        "\u202e",
        "\ufffd",
        "1101",
    ),
)


def text_of(data: atheris.FuzzedDataProvider) -> str:
    """Pieces in a row, or any text."""
    if data.ConsumeBool():
        return "".join(PIECES[data.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(data.ConsumeIntInRange(1, 9)))
    return str(data.ConsumeUnicodeNoSurrogates(40))


def test_one_input(data: bytes) -> None:
    """One text as the answer to one question."""
    provider = atheris.FuzzedDataProvider(data)
    variable = QUESTIONS[provider.ConsumeIntInRange(0, len(QUESTIONS) - 1)]
    text = text_of(provider)
    try:
        check_reading(text, variable)
    except Exception:
        print(f"question {variable.name}, text {text!r}", file=sys.stderr)
        raise


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
