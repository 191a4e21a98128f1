"""Random heads, lines and units of measure, guided by coverage, around a small table; not part of `make test`.

    python tests/fuzz/fuzz_heads.py -max_total_time=300

The heads of a valid table are changed, doubled, moved and decorated, lines with measures are put above, below and
beside it, and further rows of heads between its rows. Whatever is not read must be refused as RefusalError. What is
read must be what stands under a head that spells the question, and nothing in money may be read where 元 of another
size stands around the table in so many words. Needs atheris.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["stats.returns"]):
    from conftest import TOWN
    from stats.catalogue.variables import variables
    from stats.returns.finding_texts import RefusalError
    from stats.returns.grid import Grid
    from stats.returns.headers import find_headers
    from stats.returns.measures_beside import beside_table, check_measures
    from stats.returns.rows import data_rows
    from typed_tables import IDENTITY, LABELS, QUESTIONS, UNITS

NAMES = (*IDENTITY, *QUESTIONS)
PIECES = (
    "1、", "*", "（必填）", "（元）", "（万元）", "(千元)", "单位：", "/万元", "【元】", "其中：", " ", "\u3000",
    "\u200b", "Q1. ", "：", "合计", "万", "人", "%", "年", "（", "）", "_", "(单位:元)", "＊", "第1题", "1.1 ",
)  # fmt: skip
OTHER = (
    "单位：元",
    "金额单位：千元",
    "（元）",
    "以百元计",
    "计量单位：亿元",
    "单位：人、元",
    "人民币元",
    "注：金额均为千元",
)
OWN = ("单位：万元", "计量单位：万元（人）", "注：含元旦慰问30万元", "填报单位：双塘镇", "单元活动", "")


def head(data: atheris.FuzzedDataProvider, name: str) -> str:
    """A head that may still be the question's."""
    text = data.PickValueInList([name, LABELS[name]])
    for _ in range(data.ConsumeIntInRange(0, 2)):
        piece = data.PickValueInList([*PIECES, data.ConsumeUnicodeNoSurrogates(3)])
        at = data.ConsumeIntInRange(0, len(text))
        text = text[:at] + piece + text[at:]
    return text


def row(names: list[str]) -> list[str]:
    """A row that holds under each head a number only this question has."""
    identity = dict(zip(IDENTITY, (TOWN[0], TOWN[1], "镇", "2021", "year"), strict=True))
    return [identity.get(name) or str(NAMES.index(name) + 10) for name in names]


def made(data: atheris.FuzzedDataProvider) -> tuple[list[list[str]], bool]:
    """A table, and whether another measure of money stands around it."""
    lines: list[list[str]] = []
    names = list(NAMES)
    for _ in range(data.ConsumeIntInRange(1, 3)):
        for _ in range(data.ConsumeIntInRange(0, 3)):
            one, other = (data.ConsumeIntInRange(0, len(names) - 1) for _ in range(2))
            names[one], names[other] = names[other], names[one]
        lines += [[head(data, name) if data.ConsumeBool() else name for name in names], row(names)]
    said = data.PickValueInList([*OTHER, *OWN])
    place = data.ConsumeIntInRange(0, 3)
    if place == 0:
        lines.insert(0, [said])
    elif place == 1:
        lines.append([said])
    elif place == 2:
        lines = [[*line, said if at == 1 else ""] for at, line in enumerate(lines)]
    return lines, place < 3 and said in OTHER


def test_one_input(data: bytes) -> None:
    """One table, read down to its rows and measures."""
    lines, has_other_measure = made(atheris.FuzzedDataProvider(data))
    grid = Grid("2021/a", "", lines)
    try:
        found = find_headers(grid)
        if found is None:
            return
        rows, _ = data_rows(grid, found[0])
        check_measures(grid, rows, beside_table(grid, rows))
    except RefusalError:
        return
    for each in rows:
        for name in each.header.columns:
            variable = variables().get(name)
            if variable is None or name not in QUESTIONS or not each.text(name):
                continue
            assert each.text(name) == str(NAMES.index(name) + 10), (name, each.text(name), lines)
            assert not (has_other_measure and UNITS[name] == "万元"), (name, lines)


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
