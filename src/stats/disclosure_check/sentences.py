"""What sentences say of figures and answers. A protected matter with a number that no pattern reads is told of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import SHORT_NAMES
from stats.catalogue.variables import variables
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut, Page
from stats.disclosure_check.names import PROTECTED_WORDS, Meaning, headed, key, stages, subjects
from stats.disclosure_check.seen import Aspect, Position, Printed, Seen, read
from stats.disclosure_check.tables import SENTENCES, Alike, Found

_N = r"[0-9]+(?:\.[0-9]+)?"
_UNIT = r"(?:%|个百分点|名/万人|名|人次|人|户|件|份|元|万元|倍)"
# What a figure is compared with, and how many units it is about: said of shown figures, which the tables hold.
_APART = [
    r"^(?:注:)?[0-9]+\.(?![0-9])",
    r"[0-9]+/[0-9]+",
    rf"\((?:不低于|不高于|不少于|不多于|不超过)?{_N}{_UNIT}?\)",
    rf"(?:不低于|不高于|不少于|不多于){_N}{_UNIT}?",
    rf"差{_N}{_UNIT}",
    rf"(?:高于|低于)全[县市](?:平均水平|中位数)?{_N}(?:～{_N})?{_UNIT}(?:以上)?",
    rf"\([高低]{_N}(?:～{_N})?{_UNIT}(?:以上)?\)",
    rf"占(?:全县|已上报单位合计)的{_N}(?:%～{_N})?%",
    r"居?(?:[^0-9,;。]{0,12})[0-9]+个(?:可比)?单位(?:并列)?(?:第[0-9]+位|末位)",
    r"\(?按(?:有数据|两年均有数据)的[0-9]+个单位(?:和县级本级)?计算(?:,下同)?\)?",
    r"[0-9]+(?:个|项|条)(?!百分点)",
    r"(?:19|20)[0-9]{2}年(?:度)?",
    r"第[0-9]+(?:位|行|列)",
    r"[A-Z]{1,3}-?[0-9]{2}",
    rf"约{_N}(?:～{_N})?{_UNIT}?",
    rf"{_N}%?～{_N}{_UNIT}?",
    rf"目标[≥≤]{_N}",
    rf"全市(?:平均)?{_N}{_UNIT}?",
]
_IGNORED = re.compile("|".join(_APART))
_CHANGE = re.compile(rf"比上年(提高|上升|增加|增长|下降|减少)({_N})({_UNIT})(?:,(增长|下降)({_N})%)?")
_BEFORE = re.compile(rf"上年为({_N})({_UNIT})")
_TIMES = re.compile(rf"为上年的{_N}倍")
_FROM_NONE = re.compile(rf"上年为零,本年新增({_N})({_UNIT})")
_BASE = re.compile(rf"\((上年)?仅({_N})({_UNIT}),基数较小\)")
_IN_YEAR = re.compile(rf"((?:19|20)[0-9]{{2}})年(约?{_N})({_UNIT})")
# Words for a chart of units: one or several by name with their value, and how many units are alike.
_ALIKE = re.compile(rf"([0-9]+)个单位为([−-]?{_N}※?)(?:{_UNIT})?,?")
_GIVEN = r"(约?[0-9]+|\[.\]|—)"
_STAGE = re.compile(rf"{_GIVEN}?[人名]?(?:\(上年{_GIVEN}\))?")
_SHORT = "引用的指标"
_SEASONS = {"春季": "spring", "秋季": "autumn", "全年": "year"}
_COUNTY = re.compile(rf"全县({_N})")
_VALUE = re.compile(rf"[^0-9,;。−-]{{0,14}}?([−-]?{_N})({_UNIT})?")
_DOWN = ("下降", "减少")
_MET = re.compile(r"全部(?:足额发放|送达|办结|合格)|均为两优来源|[^未]达到目标要求")
_UNMET = re.compile(r"未全部|未达到目标要求")


class _Said(NamedTuple):
    """A stretch of a sentence about one subject."""

    of: Meaning
    text: str


def read_sentences(handed_out: HandedOut, page: Page, found: Found) -> None:
    """Add what a page's sentences show."""
    for text in page.texts:
        if text.tag in ("h1", "h2", "h3", "h4", "title", "figcaption", "caption", "data"):
            continue
        reader = _Reader(handed_out, page, Position(page.file, text.place), found)
        for sentence in re.split(r"[。；;]", key(text.text)):
            if text.tag != "desc" or not reader.read_stages(sentence):
                reader.read(sentence)
    for table in page.tables:
        for row in table.rows if table.heads[:1] and table.heads[0] in SENTENCES else ():
            reader = _Reader(handed_out, page, Position(page.file, f"{table.place}“{row[0][:20]}”"), found)
            for head, cell in zip(table.heads, row, strict=False):
                for line in cell.split("\n") if head == _SHORT else ():
                    reader.read_short(line)
                for sentence in re.split(r"[。；;]", key(cell)) if head != _SHORT else ():
                    reader.read(sentence)


class _Reader:
    def __init__(self, handed_out: HandedOut, page: Page, place: Position, found: Found) -> None:
        self._set, self._unit, self._place, self._found = handed_out, page.unit, place, found
        names = "|".join(map(re.escape, sorted(handed_out.code_of, key=len, reverse=True)))
        self._named = re.compile(rf"(?:最高|最低)?((?:{names})(?:、(?:{names}))*)(约?[−-]?{_N})※?({_UNIT})?,?")

    def read_short(self, line: str) -> None:
        """A figure by its short name."""
        named = max((name for name in SHORT_NAMES.values() if line.startswith(name)), key=len, default="")
        of = headed(named) if named else None
        if of is None:
            self._without_subject(line)
        elif of.is_protected:
            self._stretch(_Said(of, line.removeprefix(named)))

    def read_stages(self, clause: str) -> bool:
        """The words for a chart of recruitment from stage to stage; whether they are that."""
        season = clause[:2] if clause[:2] in _SEASONS else ""
        found: list[tuple[Meaning, re.Match[str]]] = []
        for part in clause.removeprefix(season).split(","):
            stage = next((words for words in sorted(stages(), key=len, reverse=True) if part.startswith(words)), "")
            given = _STAGE.fullmatch(part.removeprefix(stage)) if stage else None
            if given is None:
                return False
            found.append((stages()[stage], given))
        for of, given in found:
            for back, text in ((0, given[1]), (-1, given[2])):
                if text:
                    seen = Seen(self._unit, self._set.year + back, of, read(text), self._place)
                    self._found.seen.append(replace(seen, period=_SEASONS.get(season, "year")))
        return True

    def read(self, sentence: str) -> None:
        """One sentence, stretch by stretch."""
        stretches = list(_stretches(sentence))
        for said in stretches:
            if isinstance(said, _Said) and said.of.is_protected:
                self._stretch(said)
            elif not isinstance(said, _Said):
                self._without_subject(said)

    def _without_subject(self, text: str) -> None:
        rest = _IGNORED.sub("", text)
        if PROTECTED_WORDS.search(rest) and re.search("[0-9]", rest):
            self._unread(text)

    def _stretch(self, said: _Said) -> None:
        rest = said.text
        rest = self._take(
            _ALIKE, rest, lambda m: self._found.alike.append(Alike(said.of, int(m[1]), m[2], self._place))
        )
        rest = self._take(self._named, rest, lambda m: self._units(said.of, m))
        rest = self._take(_IN_YEAR, rest, lambda m: self._add(said.of, m[2], m[3], back=int(m[1]) - self._set.year))
        rest = self._take(_BASE, rest, lambda m: self._base(said.of, m))
        rest = self._take(_FROM_NONE, rest, lambda m: self._add(said.of, m[1], m[2]))
        rest = self._take(_CHANGE, rest, lambda m: self._changes(said.of, m))
        rest = _TIMES.sub("", rest)
        rest = self._take(_BEFORE, rest, lambda m: self._add(said.of, m[1], m[2], back=-1))
        self._states(said)
        rest = _IGNORED.sub("", rest)
        rest = self._take(_COUNTY, rest, lambda m: self._add(said.of, m[1], "", whose=self._set.county))
        value = _VALUE.match(rest)
        if value is not None and _fits(said.of, value[2] or ""):
            self._add(said.of, value[1], value[2] or "")
            rest = rest[: value.start()] + rest[value.end() :]
        if re.search("[0-9]", rest):
            self._unread(said.text)

    def _take(self, pattern: re.Pattern[str], text: str, take: Callable[[re.Match[str]], None]) -> str:
        for found in pattern.finditer(text):
            take(found)
        return pattern.sub("", text)

    def _add(
        self, of: Meaning, number: str, unit: str = "", *, back: int = 0, aspect: Aspect = "value", whose: str = ""
    ) -> None:
        printed = read(number)
        if unit == "%" or aspect == "change":
            printed = Printed(printed.mark, printed.value, is_percent=unit == "%")
        year = self._set.year + back
        self._found.seen.append(Seen(whose or self._unit, year, of, printed, self._place, aspect=aspect))

    def _alike(self, of: Meaning, found: re.Match[str]) -> None:
        self._found.alike.append(Alike(of, int(found[1]), found[2], self._place))

    def _units(self, of: Meaning, found: re.Match[str]) -> None:
        for name in found[1].split("、"):
            self._add(of, found[2], found[3] or "", whose=self._set.code_of[name])

    def _changes(self, of: Meaning, found: re.Match[str]) -> None:
        sign = "-" if found[1] in _DOWN else ""
        is_growth = of.is_indicator and indicators()[of.name].kind == "growth"
        self._add(of, sign + found[2], found[3], aspect="value" if is_growth else "change")
        if found[5]:
            self._add(of, ("-" if found[4] in _DOWN else "") + found[5], "%", aspect="change")

    def _base(self, of: Meaning, found: re.Match[str]) -> None:
        """How few a share rests on: the answer that is its whole."""
        entry = indicators().get(of.name)
        if entry is None:
            return
        terms = entry.denominator if isinstance(entry.denominator, tuple) else entry.numerator
        if len(terms) == 1:
            question = Meaning(terms[0].variable, is_indicator=False)
            self._add(question, found[2], found[3], back=-1 if found[1] else 0)

    def _states(self, said: _Said) -> None:
        """Whether a unit is said to have reached its target; of a county figure the tables say it."""
        if not said.of.is_indicator or self._unit == self._set.county:
            return
        met, unmet = _MET.search(said.text), _UNMET.search(said.text)
        if unmet or met:
            aspect: Aspect = "unmet" if unmet else "met"
            self._found.seen.append(
                Seen(self._unit, self._set.year, said.of, Printed("words"), self._place, aspect=aspect)
            )
        for words, before in (("上年已达标", "met"), ("上年也未达标", "unmet")):
            if words in said.text:
                year = self._set.year - 1
                self._found.seen.append(
                    Seen(self._unit, year, said.of, Printed("words"), self._place, aspect=before)  # type: ignore[arg-type]
                )

    def _unread(self, text: str) -> None:
        self._found.unread.append(
            Leak("unread", self._place.file, self._place.spot, f"“{text[:60]}”中有数，不知是什么数，不能核对")
        )


def _fits(of: Meaning, unit: str) -> bool:
    """Whether a number with this unit may be a figure of this kind."""
    wanted = indicators()[of.name].unit if of.is_indicator else variables()[of.name].unit
    return unit in ("", wanted)


def _stretches(sentence: str) -> Iterator[_Said | str]:
    """A sentence cut where it names another subject; what stands before the first name has none."""
    named = subjects(sentence)
    if not named:
        yield sentence
        return
    if named[0][0]:
        yield sentence[: named[0][0]]
    ends = [*(begin for begin, _, _ in named[1:]), len(sentence)]
    for (_, end, of), until in zip(named, ends, strict=True):
        yield _Said(of, sentence[end:until])
