"""A number with what people write around it: sign words, unit, 余. Exact decimals only; evaluates nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from stats.catalogue.status import Status
from stats.catalogue.variables import Variable
from stats.returns.cells import Reading, exact, refused
from stats.returns.notations import (
    AROUND,
    AT_LEAST,
    LESS_KNOWN,
    MORE,
    ONE_CHARACTER,
    PERSON_UNITS,
    TOTALLING,
    number_of,
)

NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_SCIENTIFIC = re.compile(r"[1-9](?:\.(?P<places>[0-9]+))?[eE]\+?(?P<exponent>[0-9]{1,2})")
_ANNOTATED = re.compile(r"(?P<answer>[^()]+)\((?:含|其中|包括)[^()]*\)")
PERSON_TIMES = "人次"
_LEADS = "|".join(sorted((*LESS_KNOWN, *AT_LEAST, *TOTALLING), key=len, reverse=True))
# What fits 18 digits together with the whole part of the variable's maximum fits a 64-bit count of last places.
_DIGITS_KEPT = 18
ANNOTATION_DROPPED = "括注未保留"


def text_of(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros.

    >>> text_of(Decimal("1.20E+3")), text_of(Decimal("0.50"))
    ('1200', '0.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Quantity:
    """The parts of a recognised text; ``number`` is in the variable's unit."""

    number: Decimal
    lead: str
    more: bool
    tail: str
    notes: tuple[str, ...]

    @property
    def step(self) -> Decimal:
        """The width of the interval that 余 opens (120余 is 120 to 130)."""
        return Decimal(1).scaleb(int(self.number.normalize().as_tuple().exponent))


@cache
def _units(variable: Variable) -> str:
    """The pattern of the units that may be repeated after the number; only the variable's own."""
    if variable.unit in PERSON_UNITS:
        return "|".join(PERSON_UNITS)
    if variable.unit == PERSON_TIMES:
        return "|".join((PERSON_TIMES, *PERSON_UNITS))
    if variable.kind == "percent":
        return "%"
    if variable.unit == "个":
        things = "".join(sorted(set(re.findall(r"[\u4e00-\u9fff]", variable.label)) - set("其中数")))
        return rf"个[{things}]{{0,4}}" if things else "个"
    return re.escape(variable.unit) if variable.unit else "(?!)"


def is_money(variable: Variable) -> bool:
    """Whether the answer is an amount in 元 or 万元, so that the one is converted to the other."""
    return variable.unit in ("元", "万元")


@cache
def _pattern(variable: Variable) -> re.Pattern[str]:
    if is_money(variable):
        after = rf"(?P<more1>[{MORE}])?(?P<wan>万)?(?P<more2>[{MORE}])?(?P<unit>元)?"
    else:
        after = rf"(?P<more1>[{MORE}])?(?P<wan>(?!))?(?P<more2>(?!))?(?P<unit>{_units(variable)})?"
    return re.compile(rf"(?P<lead>{_LEADS})?{NUMBER}{after}(?P<tail>{'|'.join(AROUND)})?")


@cache
def _chinese(variable: Variable) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(TOTALLING)})?(?P<count>[{ONE_CHARACTER}])(?:{_units(variable)})")


def read_quantity(text: str, variable: Variable) -> Reading | None:
    """What a text without spaces says as a number, or None where it is not of the known forms."""
    annotated = _ANNOTATED.fullmatch(text)
    if annotated:
        reading = read_quantity(annotated["answer"], variable)
        return reading and _without_annotation(reading)
    if chinese := _chinese(variable).fullmatch(text):
        return _checked(Quantity(Decimal(number_of(chinese["count"]) or 0), "", False, "", ("中文数字",)), variable)
    if match := _SCIENTIFIC.fullmatch(text):
        return _scientific(match, text, variable)
    match = _pattern(variable).fullmatch(text)
    return _checked(_quantity(match, variable), variable) if match and _is_plain(match) else None


def _is_plain(match: re.Match[str]) -> bool:
    """Whether number and words go together: no leading zero, at most one approximation, 万 only before 元."""
    number = match["number"]
    if len(number) > 1 and number[0] == "0" and number[1] != ".":
        return False
    if match["wan"] and not match["unit"]:
        return False
    leads_to_bound = match["lead"] in LESS_KNOWN or match["lead"] in AT_LEAST
    approximations = (leads_to_bound, match["more1"], match["more2"], match["tail"])
    return sum(map(bool, approximations)) <= 1 and not (match["lead"] in TOTALLING and any(approximations[1:]))


def _quantity(match: re.Match[str], variable: Variable) -> Quantity:
    number = Decimal(match["number"].replace(",", ""))
    notes = ["去千分位"] if "," in match["number"] else []
    if match["unit"] and is_money(variable):
        written = (match["wan"] or "") + "元"
        notes.append(f"由{written}换算" if written != variable.unit else "去单位")
        number = number.scaleb(_shift(written, variable.unit))
    elif match["unit"]:
        as_persons = variable.unit == PERSON_TIMES and match["unit"] != PERSON_TIMES
        notes.append(f"“{match['unit']}”按人次计" if as_persons else "去单位")
    if match["lead"] in TOTALLING:
        notes.append(f"去“{match['lead']}”")
    more = bool(match["more1"] or match["more2"])
    return Quantity(number, match["lead"] or "", more, match["tail"] or "", tuple(notes))


def _shift(written: str, unit: str) -> int:
    return (4 if written == "万元" else 0) - (4 if unit == "万元" else 0)


def _scientific(match: re.Match[str], text: str, variable: Variable) -> Reading:
    """Used only where every digit of the number is written; a spreadsheet's display leaves digits out."""
    number = Decimal(text)
    if len(match["places"] or "") < int(match["exponent"]):
        meant = f"疑为{text_of(number)}，" if int(match["exponent"]) < 12 else ""
        return refused("是科学记数，末几位数字可能已丢失", f"{meant}请核对后按普通数字填写")
    return _checked(Quantity(number, "", False, "", ("科学记数改为普通数字",)), variable)


def _without_annotation(reading: Reading) -> Reading:
    if reading.status is Status.ERROR:
        return reading
    note = "；".join(filter(None, (reading.note, ANNOTATION_DROPPED)))
    return Reading(reading.status, reading.value, reading.lower, reading.upper, note=note, rule="R-NORMAL")


def _checked(quantity: Quantity, variable: Variable) -> Reading:
    """The number as an answer to this question: whole where it counts, within the question's range."""
    number = quantity.number
    if variable.kind == "int" and number != number.to_integral_value():
        return refused("本项应为整数", "请核对后填写整数")
    if "." in text_of(number) and len(text_of(number).partition(".")[2]) > _places_kept(variable):
        return refused("小数位数过多", "请按表样保留两位小数")
    if outside := _outside(number, variable):
        return refused(*outside)
    return _reading(quantity, variable)


def _places_kept(variable: Variable) -> int:
    return _DIGITS_KEPT - len(str(int(variable.maximum or 10**6)))


def _outside(number: Decimal, variable: Variable) -> tuple[str, str] | None:
    unit = variable.unit
    if variable.minimum is not None and number < variable.minimum:
        return f"小于本项允许的最小值{text_of(variable.minimum)}{unit}", "请核对数字和计量单位"
    if variable.maximum is not None and number > variable.maximum:
        return f"大于本项允许的最大值{text_of(variable.maximum)}{unit}", "请核对数字和计量单位"
    return None


def _reading(quantity: Quantity, variable: Variable) -> Reading:
    value, notes = text_of(quantity.number), quantity.notes
    if quantity.more:
        if not quantity.number:
            return refused("“0余”没有确定的含义", "请填写准确数")
        return _approximate(value, value, text_of(quantity.number + quantity.step), notes)
    if quantity.lead in AT_LEAST or quantity.tail == "以上":
        return at_least(value, variable, notes)
    if quantity.lead in LESS_KNOWN or quantity.tail == "左右":
        near = LESS_KNOWN.get(quantity.lead) == "near"
        return _approximate(value, "", value if near else "", notes)
    return exact(value, "、".join(notes))


def at_least(value: str, variable: Variable, notes: tuple[str, ...] = ()) -> Reading:
    """A lower bound; the number itself where the question allows no more than that (12 of 12 months)."""
    if variable.maximum is not None and Decimal(value) == variable.maximum:
        return exact(value, "、".join((*notes, "下限即本项最大值")))
    return _approximate(value, value, "", notes)


def _approximate(value: str, lower: str, upper: str, notes: tuple[str, ...]) -> Reading:
    return Reading(Status.APPROX, value, lower, upper, note="、".join(("概数", *notes)), rule="R-APPROX")
