"""What must hold of the reading of any text at all, whoever makes the text: hypothesis or a fuzzer."""

from __future__ import annotations

import re
from decimal import Decimal

from stats.catalogue.variables import Variable
from stats.returns import parse
from stats.texts.plain import plain

WRITTEN = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
ASCII_DIGITS = {0xFF10 + n: str(n) for n in range(10)}
SEPARATORS = {0xFF0C: ",", 0xFF0E: "."}
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x180E))
# Round ones (疑为123457000000) come from an exponent, not from a person.
LONG_NUMBER = re.compile(r"(?<![0-9.])[0-9]{10,}[1-9](?!0*[0-9])")


class BrokenPropertyError(AssertionError):
    """A reading that says something the text does not."""


def require(holds: object, what: str) -> None:
    """Raises where a property does not hold (an assertion that no option switches off)."""
    if not holds:
        raise BrokenPropertyError(what)


def first_number(text: str) -> Decimal | None:
    """The number written in a text, by a reader of its own: full-width to ASCII, separators out, 万元 and 元 aside."""
    ascii_text = text.translate({**ASCII_DIGITS, **SEPARATORS, **INVISIBLE})
    if re.fullmatch(r"\s*[0-9.]+[eE]\+?[0-9]+\s*", ascii_text):
        return Decimal(ascii_text.strip())
    match = WRITTEN.search(plain(ascii_text))
    return Decimal(match[0].replace(",", "")) if match else None


def check_reading(text: str, variable: Variable) -> None:
    """A value, a status or a named refusal; never a different number, never a number of a person kept."""
    reading = parse(text, variable)
    kept = " ".join((reading.raw, reading.note, reading.problem, reading.suggestion))
    require(not LONG_NUMBER.search(plain(kept)), "a long number is kept")
    require(reading.raw in (text, "") or text.startswith(reading.raw) or "括注" in reading.note, "raw is not the text")
    if not reading.status.has_value:
        require((reading.value, reading.lower, reading.upper) == ("", "", ""), "a number beside a refusal")
        require(reading.status != "error" or (reading.problem and reading.suggestion), "a refusal without its reason")
    elif not variable.is_number:
        require(reading.value in variable.choices, "a choice nobody offered")
    else:
        _check_number(text, variable, Decimal(reading.value))


def _check_number(text: str, variable: Variable, number: Decimal) -> None:
    require((variable.minimum or 0) <= number <= (variable.maximum or number), "out of range")
    written = first_number(text)
    if written is None:
        require(re.search("[一二两三四五六七八九十…]", text), "a number out of nothing")
    elif number != written:
        is_money = number in (written.scaleb(4), written.scaleb(-4)) and "元" in plain(text)
        require(is_money or "每" in text, "another number than written")
