"""What a cell says: any text becomes a value, a status or a named refusal, never a different number.

May not evaluate, guess or repair beyond the listed rules; what is only likely is offered as a suggestion.
"""

from __future__ import annotations

import re
from dataclasses import replace

from stats.catalogue.status import Status
from stats.catalogue.variables import Variable
from stats.returns import notations as say
from stats.returns.cells import Reading, exact, refused
from stats.returns.notations import number_of
from stats.returns.quantities import ANNOTATION_DROPPED, at_least, read_quantity
from stats.returns.refusals import diagnose, likely_digits, likely_joined
from stats.returns.text_normalisation import has_odd_digits, is_unreadable, simplified
from stats.texts.plain import plain
from stats.texts.privacy import has_private_number, has_unknown_words, is_private_refused

LONGEST_ANSWER = 200
_UNDERSTOOD = frozenset({Status.OK, Status.APPROX, Status.NOT_APPLICABLE})
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]*[1-9])?", re.ASCII)
_SPLIT_NUMBER = re.compile(r"[0-9.,][\s]+[0-9.,]")
_YES_MARKS = frozenset({"√", "✓", "✔", "☑", "对", "有", "已", "y", "yes", "1", "true"})
_NO_MARKS = frozenset({"×", "✗", "✘", "x", "错", "无", "没有", "未", "n", "no", "0", "false"})
_PRIVATE = "疑似身份证号、电话号码、部队番号或姓名，内容未保留"


def parse(raw: str, variable: Variable) -> Reading:
    """What a text means as the answer to a question; never raises.

    Returns a number (in the variable's unit) or a choice with its bounds, a status without a number, or a
    refusal (ERROR) with its reason and, where there is one, the likely meaning. Source: the list of notations.

    >>> from stats.catalogue.variables import variables
    >>> reading = parse("60余名", variables()["rec_enlisted"])
    >>> reading.status.value, reading.lower, reading.upper
    ('approx', '60', '70')
    >>> parse("20xx多万元", variables()["fnd_total"]).status.value
    'redacted'
    """
    if len(raw) > LONGEST_ANSWER:
        return replace(refused("文字过长，不是一个答案", "请只填答案，说明写入备注"), note="原文过长，未保留")
    if has_private_number(raw):
        return _private()
    reading = _number(raw, variable) if variable.is_number else _choice(raw, variable)
    return _without_private(reading, raw)


def _private() -> Reading:
    return replace(refused(_PRIVATE, "请删除该内容后填写答案", rule="R-PRIVATE"), note="内容已隐去")


def _without_private(reading: Reading, raw: str) -> Reading:
    """The reading with as much of the text as may be kept: all of an answer, little of what was not understood."""
    if ANNOTATION_DROPPED in reading.note:
        return replace(reading, raw=_bare(raw))
    if reading.status in _UNDERSTOOD or not raw.strip():
        return replace(reading, raw=raw)
    if is_private_refused(raw):
        return _private()
    if has_unknown_words(raw):
        note = "；".join(filter(None, (reading.note, "含无法识别的文字，原文未保留")))
        return replace(reading, note=note)
    return replace(reading, raw=raw)


def _bare(raw: str) -> str:
    return re.split(r"[(（﹙⁽]", raw, maxsplit=1)[0].strip()


def _without_value(raw: str, text: str) -> Reading | None:
    """The ways to give no answer, which mean different things."""
    if not text:
        return Reading(Status.MISSING, rule="R-BLANK")
    if say.ELLIPSIS.fullmatch(raw):
        return None
    if text in say.NOT_APPLICABLE:
        return Reading(Status.NOT_APPLICABLE)
    if text in say.NO_DATA_WORDS:
        return Reading(Status.MISSING, note=f"填“{text}”，按未填报", rule="R-NO-DATA")
    if text.upper() in say.SPREADSHEET_ERRORS:
        return Reading(Status.MISSING, note=f"电子表格错误值 {text.upper()}，按未填报", rule="R-NO-DATA")
    return None


def _number(raw: str, variable: Variable) -> Reading:
    if _PLAIN_NUMBER.fullmatch(raw):
        return _hinted(read_quantity(raw, variable) or diagnose(raw, variable), raw, variable)
    if say.ELLIPSIS.fullmatch(raw):
        return _less_than_unit(variable)
    text = plain(raw)
    return _without_value(raw, text) or _refused_at_sight(raw, text) or _words(text) or _worded(raw, text, variable)


def _less_than_unit(variable: Variable) -> Reading:
    if variable.minimum is not None and variable.minimum > 0:
        return refused(f"…表示不足最小单位，小于本项允许的最小值{variable.minimum}", "请核对后填写一个数")
    return Reading(Status.APPROX, "0", "0", "1", note="不足本表最小单位", rule="R-APPROX")


def _refused_at_sight(raw: str, text: str) -> Reading | None:
    if text in say.NONE_WORDS or say.NOTHING_DONE.fullmatch(text):
        return refused(f"“{text}”可能是0，也可能是没有数据", "确实没有发生请填0，没有数据请留空，不适用请填—")
    if say.COLUMN_TOO_NARROW.fullmatch(text):
        return refused("是列宽不足时的显示，不是数", "请加宽列后重新录入原数")
    if has_odd_digits(raw):
        return refused("含有特殊形状的数字", likely_digits(raw) or "请用普通数字重填")
    if is_unreadable(text):
        return refused("含有换行、控制字符或乱码", "请删去后重填一个数")
    return None


def _words(text: str) -> Reading | None:
    """Masks, words for an unknown amount, and words of praise; masks win, even beside digits."""
    if say.HEXADECIMAL.fullmatch(text):
        return None
    if say.MASK.search(text):
        return Reading(Status.REDACTED, note="用“×”等符号代替了数字", rule="R-MASKED")
    if say.VAGUE.fullmatch(text):
        return Reading(Status.MISSING, note="只有笼统说法，没有数值，按未填报", rule="R-NO-DATA")
    if say.TREND.search(text) or say.DONE.search(text):
        return refused("是文字说明，不是数", "请填写数；说明写入备注")
    return None


def _worded(raw: str, text: str, variable: Variable) -> Reading:
    if _SPLIT_NUMBER.search(text):
        return refused("数字中间有空格，可能是两个数", likely_joined(text) or "请只填一个数")
    text = say.without_quotes("".join(text.split()))
    reading = _phrase(text, variable) or read_quantity(text, variable) or diagnose(text, variable)
    return _hinted(_spelled(reading, raw, text), text, variable)


def _spelled(reading: Reading, raw: str, text: str) -> Reading:
    """Notes that the text itself was normalised (width, spaces) where nothing else was noted."""
    if reading.status is not Status.OK or reading.note or raw == reading.value:
        return reading
    note = "数字写法归一" if text == raw else "去空格、不可见字符或全角转半角"
    return replace(reading, note=note, rule="R-NORMAL")


def _hinted(reading: Reading, text: str, variable: Variable) -> Reading:
    """0.85 in a percent column may mean 85%: used as written, with a hint; never multiplied."""
    suspicious = variable.kind == "percent" and reading.status is Status.OK and "%" not in text
    if suspicious and reading.value.startswith("0."):
        note = f"本项单位为%，填报值{reading.value}在0至1之间，请核对是否应乘以100"
        return replace(reading, note=note, rule="R-PERCENT")
    return reading


def _phrase(text: str, variable: Variable) -> Reading | None:
    """How often a year (每季度召开一次), names of rules that hold a number (四个一), 两个100%."""
    if match := say.FREQUENCY.fullmatch(text):
        return _frequency(match, variable)
    if (text, variable.unit) in say.COUNT_WORDS:
        return _within(str(say.COUNT_WORDS[text, variable.unit]), variable, "制度简称中的数")
    if variable.unit == "年" and (match := say.ORDINAL_YEARS.fullmatch(text)):
        return _within(_count(match["count"]), variable, "序数年")
    if variable.kind == "percent" and text in ("两个100%", "双100%"):
        return exact("100", "两项比例均为100%")
    return None


def _count(text: str) -> str:
    return text if text.isascii() else str(number_of(text))


def _frequency(match: re.Match[str], variable: Variable) -> Reading | None:
    if variable.unit not in ("次", "场", "次/年", "个月", "个季度", "个半年"):
        return None
    count = int(_count(match["count"]))
    if variable.unit not in ("次", "场", "次/年") and count != 1:
        return None
    number = str(say.TIMES_A_YEAR[match["span"]] * count)
    reading = _within(number, variable, f"频次折合每年{number}次")
    open_ended = match["least"] or match[0].endswith("以上")
    if reading.status is Status.OK and open_ended:
        return at_least(number, variable, ("频次折算",))
    return reading


def _within(number: str, variable: Variable, note: str) -> Reading:
    reading = read_quantity(number, variable) or diagnose(number, variable)
    return reading if reading.status is Status.ERROR else replace(reading, note=note, rule="R-NORMAL")


def _choice(raw: str, variable: Variable) -> Reading:
    if raw in variable.choices:
        return Reading(Status.OK, raw)
    text = "".join(plain(raw).split())
    if none := _without_value(raw, text):
        return none
    if text in variable.choices or simplified(text) in variable.choices:
        return Reading(Status.OK, simplified(text), note="字形归一", rule="R-NORMAL")
    if say.MASK.search(text) and not (variable.kind == "bool" and text.lower() in _NO_MARKS):
        return Reading(Status.REDACTED, note="用“×”等符号代替了数字", rule="R-MASKED")
    return refused(f"不在可选答案之内（{'、'.join(variable.choices)}）", _likely_choice(text, variable))


def _likely_choice(text: str, variable: Variable) -> str:
    if variable.kind == "bool" and (text.lower() in _YES_MARKS or say.DONE.search(text)):
        return "疑为“是”，请核对后重填"
    if variable.kind == "bool" and text.lower() in _NO_MARKS:
        return "疑为“否”，请核对后重填；没有数据请留空"
    return "请从可选答案中选填一个"
