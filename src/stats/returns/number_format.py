"""What a number format makes of a stored number, by the short grammar of those that show it. Formats nothing else.

A format is taken apart into its places for digits and the words around them. One that shows the digits stored, and no
more, is plain; whatever the grammar does not know is no format that shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from stats.catalogue.variables import variables
from stats.returns.colours import PALETTE
from stats.returns.notations import PERSON_UNITS, is_inexact_word

GENERAL = "General"
# The formats that have a number instead of a code, as Chinese programs show them.
_BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;[Red]¥-#,##0",
    7: "¥#,##0.00;¥-#,##0.00", 8: "¥#,##0.00;[Red]¥-#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0 ;-#,##0 ", 38: "#,##0 ;[Red]-#,##0 ",
    39: "#,##0.00 ;-#,##0.00 ", 40: "#,##0.00 ;[Red]-#,##0.00 ", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
_DATE = "yyyy/m/d"
_UNKNOWN = '"'

OTHER_DIGITS = "的数字格式改变了显示的数（如以万计、加了小数点）"
NOT_SHOWN = "的数字格式不显示这个数（遮蔽或隐藏）"
WORDS = "的数字格式在数旁加了字"
INEXACT = "的数字格式加了“约”“余”“≥”一类的字"
IS_DATE = "是日期格式"
ZERO = "存有0，但显示为空或“-”"
ROUNDED = "的数字格式只显示了一部分数位"
PADDED = "的数字格式在数前补了0"
CURRENCY = "的数字格式带有金额符号，计量单位不明"
CONDITIONAL = "的数字格式随数的大小而变"

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<clock>AM/PM|A/P|上午/下午)"
    r"|(?P<place>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<end>;)"
    r'|(?P<date>[ymdhsegabYMDHSEGAB])|(?P<literal>[^"\\!_*\[])',
    re.IGNORECASE | re.DOTALL,
)
_COLOURS = {
    name: PALETTE[number]
    for number, names in enumerate(
        ("black 黑色 黑", "white 白色 白", "red 红色 红", "green 绿色 绿", "blue 蓝色 蓝", "yellow 黄色 黄",
         "magenta 洋红 洋红色", "cyan 青色 蓝绿色 青")
    )
    for name in names.split()
}  # fmt: skip
# A currency and a country; a longer code asks for digits of another script or another calendar.
_COUNTRY = re.compile(r"\$[^-]{0,4}(?:-(?:[0-9A-Fa-f]{1,4}|[A-Za-z]{2,3}(?:-[A-Za-z]{2,4}){0,2}))?")
_NUMBERED_COLOUR = re.compile(r"(?:color|颜色) ?([1-9][0-9]?)")
_BEFORE_NUMBERED = 8  # the palette begins with eight colours that have only names
_MONEY_SIGNS = frozenset("¥￥$€£")
# Places are taken in the usual order only: optional digits, then fixed ones, a point, fixed ones, then optional ones.
_PLACES = re.compile(r"(?:[#?]+|(?=0))(?:,[#?]+)*(?:,?0+)*(?:\.0*#*\?*)?|\.0+#*\?*")
_MOST_SECTIONS = 4


@dataclass(frozen=True, slots=True)
class Face:
    """What a person sees of a number: its ``text``, and why it is to be asked about or may not be used.

    ``colour`` is that of the letters (RRGGBB) where the format gives one.
    """

    text: str
    question: str = ""
    problem: str = ""
    colour: str = ""


@dataclass(slots=True)
class Section:
    """One section of a format: the places for digits, and the words before and behind them."""

    places: str = ""
    before: str = ""
    behind: str = ""
    percents: int = 0
    is_general: bool = False
    is_date: bool = False
    is_odd: bool = False
    is_conditional: bool = False
    colour: str = ""
    has_text: bool = False

    @property
    def shows_digits(self) -> bool:
        """Whether anything of the number is shown."""
        return self.is_general or bool(self.places)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format's sections for positive numbers, negative numbers, zero and text; none where it is of no known form.

    ``fixed_places`` is so many decimals as a positive number may have in it and be shown as it is, without a word.
    """

    sections: tuple[Section, ...] = field(default=())
    fixed_places: int | None = None

    @property
    def is_date(self) -> bool:
        """Whether it shows a day or a time."""
        return any(section.is_date for section in self.sections)

    def of_text(self) -> str:
        """Why a text may not be used under this format; empty where it is shown as it is."""
        last = self.sections[-1] if self.sections else Section(is_odd=True)
        if len(self.sections) < _MOST_SECTIONS and not last.has_text:
            return ""
        if not last.has_text:
            return NOT_SHOWN
        if last.is_odd or last.places:
            return OTHER_DIGITS
        return _words_problem(last) or (WORDS if last.behind.strip() else "")

    def of_number(self, text: str, number: Decimal) -> Face:
        """What is shown of a number whose shortest decimal is ``text``."""
        if not self.sections or len(self.sections) > _MOST_SECTIONS:
            return Face(text, problem=OTHER_DIGITS)
        is_last_for_text = 1 < len(self.sections) < _MOST_SECTIONS and self.sections[-1].has_text
        numeric = self.sections[: len(self.sections) - 1 if is_last_for_text else 3]
        if any(section.is_conditional for section in self.sections):
            faces = [_face(section, text, number) for section in self.sections]
            return next((face for face in faces if face.problem), Face(text, CONDITIONAL))
        nth = (2 if number == 0 else 1) if number <= 0 else 0
        return _face(numeric[nth] if nth < len(numeric) else numeric[0], text, number)


def built_in(number: int) -> str:
    """The code of a format that has only a number; one that no grammar knows where the number is nobody's.

    >>> built_in(0), built_in(31)
    ('General', 'yyyy/m/d')
    """
    is_day = 27 <= number <= 36 or 50 <= number <= 58
    return _BUILT_IN.get(number, _DATE if is_day else _UNKNOWN)


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat:
    """The format that a code writes.

    >>> [number_format(code).of_number("8267", Decimal(8267)).problem != "" for code in ("0", "#,##0.00_ ", '0"人"')]
    [False, False, False]
    >>> [number_format(code).of_number("8267", Decimal(8267)).problem != "" for code in ("0!.0", "**", '0"余"', ";;;")]
    [True, True, True, True]
    """
    sections: list[Section] = []
    for tokens in _split(code):
        section = _section(tokens)
        if section is None:
            return NumberFormat()
        sections.append(section)
    return NumberFormat(tuple(sections), _fixed_places(sections))


def _fixed_places(sections: list[Section]) -> int | None:
    """The decimals of a format of digits alone; None for one that is to be looked at number by number."""
    first = sections[0]
    is_quiet = not (first.before + first.behind).strip() and not (first.colour or first.is_odd or first.percents)
    if not is_quiet or len(sections) > _MOST_SECTIONS or any(section.is_conditional for section in sections):
        return None
    whole, _, parts = first.places.replace(",", "").partition(".")
    return len(parts) if whole.count("0") == 1 and not first.is_date else None


def _split(code: str) -> Iterator[list[tuple[str, str]] | None]:
    """The tokens of each section; None for a code that is not made of tokens."""
    at = 0
    tokens: list[tuple[str, str]] = []
    while at < len(code):
        match = _TOKEN.match(code, at)
        if match is None or match.lastgroup is None:
            yield None
            return
        at = match.end()
        if match.lastgroup == "end":
            yield tokens
            tokens = []
        else:
            tokens.append((match.lastgroup, match[match.lastgroup]))
    yield tokens


def _section(tokens: list[tuple[str, str]] | None) -> Section | None:
    if tokens is None:
        return None
    section = Section()
    for kind, text in tokens:
        _take(section, kind, text)
    places = section.places
    section.is_odd = section.is_odd or (bool(places) and (section.is_general or not _PLACES.fullmatch(places)))
    return section


def _take(section: Section, kind: str, text: str) -> None:
    """Adds one token to its section. A place for a digit behind a word would be a word between the digits."""
    if kind in ("place", "point", "comma"):
        section.is_odd = section.is_odd or section.behind != "" or section.is_general
        section.places += text
    elif kind in ("general", "text"):
        section.is_odd = section.is_odd or section.is_general or section.places != ""
        section.is_general, section.has_text = True, section.has_text or kind == "text"
    elif kind == "percent":
        section.is_odd = section.is_odd or not section.places
        section.percents += 1
        section.behind += " " if section.shows_digits else ""
    elif kind == "exponent":
        section.is_odd = True
    elif kind in ("date", "clock"):
        section.is_date = True
    elif kind == "bracket":
        _bracket(section, text)
    else:
        _word(section, " " if kind == "blank" or (kind == "fill" and text == " ") else text, filled=kind == "fill")


def _word(section: Section, text: str, *, filled: bool) -> None:
    section.is_odd = section.is_odd or (filled and text != " ")
    if section.shows_digits:
        section.behind += text
    else:
        section.before += text


def _bracket(section: Section, text: str) -> None:
    """A colour, a condition, a currency with its country, an elapsed time; anything else is not known."""
    if text.startswith("$"):
        section.is_odd = section.is_odd or not _COUNTRY.fullmatch(text)
        _word(section, text[1:].partition("-")[0], filled=False)
    elif text[:1] in ("<", ">", "="):
        section.is_conditional = True
    elif text.lower() in ("h", "hh", "m", "mm", "s", "ss"):
        section.is_date = True
    elif colour := _colour(text.lower()):
        section.colour = colour
    else:
        section.is_odd = True


def _colour(name: str) -> str:
    """The colour that a format gives the letters, as RRGGBB; empty for no colour."""
    number = _NUMBERED_COLOUR.fullmatch(name)
    if number and int(number[1]) <= len(PALETTE) - _BEFORE_NUMBERED:
        return PALETTE[int(number[1]) + _BEFORE_NUMBERED - 1]
    return _COLOURS.get(name, "")


def _face(section: Section, text: str, number: Decimal) -> Face:
    """What one section shows of a number."""
    if section.is_date:
        return Face(text, problem=IS_DATE)
    if number == 0 and not section.is_general and "0" not in section.places and (section.places or _is_dash(section)):
        return Face(text, ZERO)
    if not section.shows_digits:
        return Face(text, problem=NOT_SHOWN)
    if section.is_odd or section.percents > 1 or section.places.startswith(","):
        return Face(text, problem=OTHER_DIGITS)
    if problem := _words_problem(section, negative=number < 0):
        return Face(text, problem=problem)
    if section.percents and section.behind.strip():
        return Face(text, problem=WORDS)
    scaled = _percent(text) if section.percents else text
    money = not _MONEY_SIGNS.isdisjoint(section.before + section.behind)
    question = _digits_question(section.places, scaled) or (CURRENCY if money else "")
    unit = "" if money else section.behind.strip()
    return Face(scaled + ("%" if section.percents else unit), question, colour=section.colour)


def _is_dash(section: Section) -> bool:
    return (section.before + section.behind).strip(" ¥￥") in ("", "-", "—", "－")


def _percent(text: str) -> str:
    number = format(Decimal(text).scaleb(2), "f")
    return number.rstrip("0").rstrip(".") if "." in number else number


def _digits_question(places: str, text: str) -> str:
    """Whether the places show every digit of the number, and none besides; empty where they do."""
    if not places:
        return ""
    whole, _, parts = places.replace(",", "").partition(".")
    digits, _, decimals = text.lstrip("-").partition(".")
    if len(decimals) > len(parts):
        shown = Decimal(text).quantize(Decimal(1).scaleb(-len(parts)), ROUND_HALF_UP)
        return f"{ROUNDED}（显示 {shown}，存有 {text}）"
    return PADDED if whole.count("0") > max(1, len(digits)) else ""


def _words_problem(section: Section, *, negative: bool = False) -> str:
    """Why the words around the digits are none that leave a number as it is; empty for a unit or nothing."""
    before, behind = section.before.strip(), section.behind.strip()
    if negative and (before[:1], behind[-1:]) in (("-", behind[-1:]), ("(", ")"), ("（", "）")):
        before, behind = before[1:], behind.removesuffix(")").removesuffix("）")
    before = before.strip("".join(_MONEY_SIGNS) + " ").removesuffix("-" if negative else "\0")
    behind = behind.strip("".join(_MONEY_SIGNS) + " ")
    if is_inexact_word(before) or is_inexact_word(behind):
        return INEXACT
    return "" if before == "" and (behind == "" or behind in _units()) else WORDS


@cache
def _units() -> frozenset[str]:
    """The units of measure that may stand behind a number, as in a typed answer."""
    return frozenset((*PERSON_UNITS, *(variable.unit for variable in variables().values() if variable.unit)))
