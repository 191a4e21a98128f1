"""Published texts turned into facts about counts: what a patient reader can take from every table and sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from attack_published import Document, Edition, Payload
from attack_terms import (
    BY_CODE,
    BY_NAME,
    GROWTH,
    LABELS,
    MEASURES,
    SEASONAL,
    SHORT,
    STAGES,
    Cell,
    Measure,
    Ratio,
    World,
    seasons,
)

_SUMS = ("（已上报单位合计）", "（两年均有数据的单位合计）")
_MARKS = re.compile(r"※|\[更\]|〔可比〕|%$")
_SEASON_NAMES = {"春季": "spring", "秋季": "autumn", "全年": "year"}
_YEAR = re.compile(r"20\d\d年")
_SIGNS = {"√": "达标", "×": "未达标"}
_STAGE = re.compile(r"([^0-9，；。（[]+)([^，；。（]*)(?:（上年([^）]*)）)?")
_OVER = re.compile(r"（(\d+)/\d+）$")
_LEADS = {
    "REC-03": ("新兵中大学生占",),
    "REC-04": ("新兵中大学毕业生占",),
    "REC-08": ("退兵率",),
    "REC-10": ("大学生报名",),
    "BLD-05": ("专武干部资格认证",),
    "BLD-06": ("武装部部长",),
    "SUP-04": ("优待金足额", "优待金已全部", "优待金未全部"),
    "SUP-05": ("立功喜报",),
    "SUP-06": ("军人家庭诉求",),
}
_NO_FIGURE = re.compile(
    r"(?<![\d.])\d+个(?!百分点)|\d+项|第\d+位|\d{4}年|（[^（）]*[\d.]+%）|目标[≥≤][\d.]+|全[县市]约?[\d.]+※?"
)
"""What may be said beside a hidden figure: how many units, places, years, the target, what the county has."""
_DATED = re.compile(r"(20\d\d)年[\d.]+")
_MET = re.compile("达到目标要求|已全部|均为|全部合格")
_UNMET = re.compile("未达到目标要求|未全部")


class Fact(NamedTuple):
    """``low`` ≤ ratio [− other | ÷ other] ≤ ``high`` (None: no bound; ``strict``: not equal), and where it is said."""

    ratio: Ratio
    low: Fraction | None
    high: Fraction | None
    said: str
    other: Ratio | None = None
    divides: bool = False
    strict: bool = False

    def holds(self, truth: Mapping[Cell, int]) -> bool:
        """Whether it is so."""
        value, other = _value(self.ratio, truth), None if self.other is None else _value(self.other, truth)
        if value is None or (self.other is not None and (other is None or (self.divides and not other))):
            return False
        if other is not None:
            value = value / other if self.divides else value - other
        least, most = self.low is None or value >= self.low, self.high is None or value <= self.high
        return least and most and not (self.strict and value in (self.low, self.high))


def _value(ratio: Ratio, truth: Mapping[Cell, int]) -> Fraction | None:
    below = sum(truth[cell] for cell in ratio.below) if ratio.below else 1
    return ratio.factor * sum(truth[cell] for cell in ratio.above) / below if below else None


def around(text: str) -> tuple[Fraction, Fraction] | None:
    """The numbers that may be printed so, either way at a tie; None for what is no number.

    >>> around("81.2※")
    (Fraction(1623, 20), Fraction(325, 4))
    """
    bare = _MARKS.sub("", text.strip()).replace("−", "-").replace("〔可比〕", "")
    bare = _MARKS.sub("", bare)
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", bare):
        return None
    half = Fraction(1, 2 * 10 ** len(bare.partition(".")[2]))
    return Fraction(bare) - half, Fraction(bare) + half


def _cut(head: str) -> Iterator[str]:
    """The beginnings of a narrow head, line by line: the last line may be the unit of measure."""
    lines = head.split("\n")
    return ("".join(lines[:end]) for end in range(len(lines), 0, -1))


@dataclass
class Reading:
    """The facts of one edition; ``hidden`` are counts it asks for and does not show, ``exposed`` what it never may.

    ``masked`` are the figures that a table marks as hidden, by unit and indicator.
    """

    edition: Edition
    world: World
    facts: list[Fact] = field(default_factory=list)
    exposed: list[str] = field(default_factory=list)
    masked: set[tuple[str, str]] = field(default_factory=set)

    def read(self) -> Reading:
        """Reads every document and the CSV."""
        for document in self.edition.documents:
            for table in document.tables():
                self._table(document, table)
            for text in document.texts():
                self._text(document, text)
        for row in self.edition.rows:
            self._row(row)
        self.facts = list(dict.fromkeys(self.facts))
        return self

    @property
    def _county(self) -> str:
        return self.world.params.county.code

    def _table(self, document: Document, table: Payload) -> None:
        heads = [column["head"] for column in table["columns"]]
        said = f"{self.edition.year} {document.kind} {document.unit} {table['number']}{table['title']}"
        for nth, row in enumerate(table["rows"]):
            cells = dict(zip((head.replace("\n", "") for head in heads), row, strict=True))
            where = f"{said} {row[0]}"
            if document.kind == "workbook":
                self._sheet(table["title"], cells, where)
            elif document.kind == "quality":
                self._told(cells, where)
            elif heads[0] == "单位":
                self._beside(heads, row, where)
            elif heads[0] == "指标" and {"本年", "本县"} & cells.keys() and nth not in table["groups"]:
                self._measured(document, cells, where)
            elif heads[0] == "项目" and heads[2:3] != ["完成"]:
                half = heads.index("项目", 1) if "项目" in heads[1:] else len(heads)
                for start in range(0, len(heads), half):
                    self._counted(
                        document, table, dict(zip(heads[:half], row[start : start + half], strict=True)), where
                    )

    def _sheet(self, title: str, cells: Mapping[str, str], said: str) -> None:
        """A row of a sheet of the workbook: a figure of a unit, its years, an answer by season, or figures beside."""
        unit, year = cells.get("单位代码", ""), self.edition.year
        if title == "指标长表":
            self._measured(Document("county" if unit == self._county else "town", unit, ()), cells, said)
        elif title == "五年" and (measure := BY_NAME.get(cells["指标"])) is not None:
            for head, text in cells.items():
                if _YEAR.fullmatch(head):
                    self._figure(unit, int(head[:4]), measure, text, f"{said} {head}")
        elif title == "分季":
            for each, head in ((year, "本年"), (year - 1, "上年")):
                place = Cell(unit, each, LABELS[cells["项目"]], _SEASON_NAMES[cells["季"]])
                self._sum([place], cells[head], f"{said} {head}")
        elif title in ("各镇宽表", "目标判定", "位次"):
            self._columns(title, unit, cells, said)

    def _columns(self, title: str, unit: str, cells: Mapping[str, str], said: str) -> None:
        for head, text in cells.items():
            measure = BY_CODE.get(SHORT.get(re.sub("（[^（）]*）$", "", head), ""))
            if measure is not None and title == "各镇宽表":
                self._figure(unit, self.edition.year, measure, text, f"{said} {head}")
            elif measure is not None and title == "目标判定":
                self._state(unit, self.edition.year, measure, _SIGNS.get(text, ""), f"{said} {head}")
            elif measure is not None and text and (unit, measure.code) in self.masked:
                self.exposed.append(f"{said}：隐去的数有位次")

    def _beside(self, heads: Sequence[str], row: Sequence[str], said: str) -> None:
        """A unit's row of values, of values with places below, or of signs."""
        if row[0] in ("有效/应报单位", "×数", "县级本级"):
            return
        for head, cell in zip(heads[1:], row[1:], strict=True):
            measure = BY_CODE.get(next((SHORT[name] for name in _cut(head) if name in SHORT), ""))
            value, _, place = cell.partition("\n")
            if measure is None:
                continue
            unit = self._code(re.sub("（[^（）]*）$", "", row[0]))
            self._state(unit, self.edition.year, measure, _SIGNS.get(value[-1:], ""), f"{said} {head}")
            self._figure(unit, self.edition.year, measure, value.removesuffix("×"), f"{said} {head}")
            if "[隐]" in value and place:
                self.exposed.append(f"{said}：隐去的数有位次")

    def _measured(self, document: Document, cells: Mapping[str, str], said: str) -> None:
        name = cells["指标"]
        for suffix in _SUMS:
            name = name.removesuffix(suffix)
        measure, unit, year = BY_NAME.get(name), document.unit, self.edition.year
        if measure is None and name in LABELS:
            self._level(unit, LABELS[name], cells, said)
        if measure is None:
            return
        value = cells.get("本年", cells.get("本县", ""))
        if "[隐]" in value:
            self.masked.add((unit, measure.code))
        self._figure(unit, year, measure, value, said)
        self._figure(unit, year - 1, measure, cells.get("上年", ""), f"{said} 上年")
        self._change(unit, measure, cells.get("同比", ""), said)
        self._figure(self._county, year, measure, cells.get("全县（全市）", "").split("\n")[0], f"{said} 全县")
        self._state(unit, year, measure, _SIGNS.get(cells.get("判定", ""), ""), said)
        last = {"也未达标": "未达标", "已达标": "达标"}.get(cells.get("上年", ""), "")
        self._state(unit, year - 1, measure, last if document.kind == "town" else "", f"{said} 上年")
        for name in re.split("[、；]", cells.get("未达标单位", "")):
            if code := self.world.codes.get(re.sub(r"等\d+个单位$", "", name)):
                self._state(code, year, measure, "未达标", f"{said} 未达标单位")
        self._gap(unit, measure, cells, said)
        if "[隐]" in value and cells.get("位次"):
            self.exposed.append(f"{said}：隐去的数有位次")

    def _level(self, unit: str, count: str, cells: Mapping[str, str], said: str) -> None:
        """The row of what a growth measures: both years' sums over the same units."""
        year, measure = self.edition.year, BY_CODE[GROWTH]
        towns = self.world.behind(unit, year, measure) if unit == self._county else (unit,)
        for each, head in ((year, "本年"), (year - 1, "上年")):
            self._sum([Cell(town, each, count) for town in towns], cells.get(head, ""), said)
        growth = cells.get("同比", "")
        if "倍" not in growth:
            self._figure(unit, year, measure, growth.removesuffix("%"), f"{said} 同比")

    def _counted(self, document: Document, table: Payload, cells: Mapping[str, str], said: str) -> None:
        count = LABELS.get(_OVER.sub("", cells["项目"]))
        if count is None:
            return
        if document.kind == "county":
            self._county_sum(table, count, cells, said)
            return
        for year, head in ((self.edition.year, "本年"), (self.edition.year - 1, "上年")):
            self._sum([Cell(document.unit, year, count)], cells[head], f"{said} {head}")

    def _county_sum(self, table: Payload, count: str, cells: Mapping[str, str], said: str) -> None:
        """A sum behind a ratio of the county: over the units of the figure with this many units."""
        noted = _OVER.search(cells["项目"]) or re.search(r"应报单位为(\d+)/", "".join(table["notes"]))
        for year, head in ((self.edition.year, "本年"), (self.edition.year - 1, "上年")):
            self._sum_over(year, count, int(noted[1] if noted else 0), cells[head], f"{said} {head}")

    def _sum_over(self, year: int, count: str, units: int | None, text: str, said: str) -> None:
        sets = {
            self.world.behind(self._county, year, measure)
            for measure in MEASURES
            if count in (measure.part, measure.whole)
            and (units is None or len(self.world.behind(self._county, self.edition.year, measure)) == units)
            and measure.code not in (GROWTH, "REC-02")
        }
        if len(sets) == 1:
            self._sum([Cell(town, year, count) for town in sets.pop()], text, said)

    def _told(self, cells: Mapping[str, str], said: str) -> None:
        """The tables of the data-quality report name no protected count with a number."""
        item = re.sub("（[春秋]季）$", "", cells.get("项目", ""))
        if item in LABELS and re.search(r"\d", cells.get("原文", "") + cells.get("更正为", "") + cells.get("原因", "")):
            self.exposed.append(f"{said}：{cells}")

    def _row(self, row: Mapping[str, str]) -> None:
        measure, unit = BY_CODE.get(row["indicator"]), row["unit_code"]
        if measure is None:
            return
        said, year = f"{self.edition.year} CSV {unit} {measure.code}", self.edition.year
        self._figure(unit, year, measure, row["display"], said)
        self._figure(unit, year, measure, row["value"], said)
        self._change(unit, measure, row["yoy_display"], said)
        self._figure(self._county, year, measure, row["county"], f"{said} county")
        self._against(unit, measure, row["vs_county"], said)
        self._state(unit, year, measure, {"met": "达标", "unmet": "未达标"}.get(row["target_status"], ""), said)

    def _text(self, document: Document, text: str) -> None:
        """States told in words, of this year and of last."""
        if document.kind == "quality" or self._stages(document, text):
            return
        for clause in re.split("[；。：]", text):
            self._drawn(document, clause)
            self._silent(document, clause)
            found = [code for code, leads in _LEADS.items() if any(lead in clause for lead in leads)]
            said = f"{self.edition.year} {document.kind} {document.unit}：{clause}"
            if "上年未达标、本年达标的有" in clause:
                for measure in (m for m in MEASURES if f"“{m.name}”" in clause):
                    self._state(document.unit, self.edition.year - 1, measure, "未达标", said)
            elif len(found) == 1:
                self._clause(document, BY_CODE[found[0]], clause, said)

    def _stages(self, document: Document, text: str) -> bool:
        """The words for a chart from applicants to recruits; whether they are that."""
        if "报名" not in text or "新兵" not in text or not re.match("春季|秋季|全年|报名", text):
            return False
        for clause in text.rstrip("。").split("；"):
            period = _SEASON_NAMES.get(clause[:2], "year")
            for part in re.sub("^(春季|秋季|全年)", "", clause).split("，"):
                found = _STAGE.fullmatch(part)
                count = STAGES.get(found[1]) if found else None
                for year, given in ((0, found and found[2]), (-1, found and found[3])):
                    where, value = f"{self.edition.year} {document.unit} 图 {part}", re.sub("[人名]$", "", given or "")
                    if count and document.kind == "town":
                        self._sum([Cell(document.unit, self.edition.year + year, count, period)], value, where)
                    elif count:
                        self._sum_over(self.edition.year + year, count, None, value, where)
        return True

    def _drawn(self, document: Document, clause: str) -> None:
        """Values of units by name, and of years, in the words for charts."""
        measure = next((each for each in MEASURES if clause.lstrip("“").startswith(each.name)), None)
        if measure is None:
            return
        year, said = self.edition.year, f"{self.edition.year} {document.kind} {document.unit} 图 {clause}"
        for each, value in re.findall(r"(20\d\d)年([\d.]+)", clause):
            self._figure(document.unit, int(each), measure, value, said)
        for names, value in re.findall(r"(?:最高|最低|，|”)([^\d，；”]+?)(约?−?[\d.]+※?)", clause):
            for name in names.split("、"):
                if self.world.codes.keys() >= set(names.split("、")):
                    self._figure(self.world.codes[name], year, measure, value.rstrip("※"), f"{said} 同比")

    def _silent(self, document: Document, clause: str) -> None:
        """No sentence gives a number to a figure that the tables hide."""
        for measure in () if re.search("最[高低]|个单位为", clause) or self._is_of_units(clause) else MEASURES:
            leads = (measure.name, measure.name.replace("“", "‘").replace("”", "’"), *_LEADS.get(measure.code, ()))
            parts = [part for part in re.split("[、，]", clause) if any(lead in part for lead in leads)]
            for part in parts if (document.unit, measure.code) in self.masked else ():
                if re.search(r"\d", _NO_FIGURE.sub("", self._undated(part))):
                    self.exposed.append(f"{self.edition.year} {document.kind} {document.unit}：{clause}")

    def _is_of_units(self, clause: str) -> bool:
        """Whether what follows an indicator's name is the name of a unit with its value, which ``_drawn`` takes up."""
        first = re.match(r"“[^”]+”([^\d，；−约等]+)", clause)
        return first is not None and self.world.codes.keys() >= set(first[1].split("、"))

    def _undated(self, text: str) -> str:
        """Without what is said of other years: those are facts of their own, which this year's mark does not hide."""
        return _DATED.sub(lambda said: said[0] if int(said[1]) == self.edition.year else "", text)

    def _clause(self, document: Document, measure: Measure, clause: str, said: str) -> None:
        year = self.edition.year
        if "上年" in clause and (told := re.search("上年(也未|已)达标", clause)):
            self._state(document.unit, year - 1, measure, "达标" if told[1] == "已" else "未达标", said)
        if document.kind == "town" and (_MET.search(clause) or _UNMET.search(clause)):
            self._state(document.unit, year, measure, "未达标" if _UNMET.search(clause) else "达标", said)

    def _code(self, name: str) -> str:
        return self.world.codes.get(name.removesuffix("（未上报）"), self._county)

    def _of(self, unit: str, year: int, measure: Measure) -> Ratio | None:
        return self.world.ratio(self.world.behind(unit, year, measure), year, measure)

    def _sum(self, cells: Sequence[Cell], text: str, said: str) -> None:
        if (found := re.fullmatch(r"约?(\d+)(\[更\])?", text)) is not None:
            number = Fraction(found[1])
            self._add(Fact(Ratio(tuple(cells), (), Fraction(1)), number, number, said))

    def _figure(self, unit: str, year: int, measure: Measure, text: str, said: str) -> None:
        ratio = self._of(unit, year, measure)
        if ratio is None:
            return
        if not measure.whole:
            self._sum(ratio.above, text, said)
        elif text == "—" and ratio.below and unit != self._county and measure.code != GROWTH:
            self._add(Fact(Ratio(ratio.below, (), Fraction(1)), Fraction(0), Fraction(0), said))
        elif text == "…":
            self._add(Fact(ratio, Fraction(0), Fraction(1, 2 * 10**measure.decimals), said))
        elif (bounds := around(text)) is not None and "约" not in text:
            offset = 100 if measure.code == GROWTH else 0
            self._add(Fact(ratio, bounds[0] + offset, bounds[1] + offset, said))
            if ratio.below and year == self.edition.year and unit != self._county:
                self._base(ratio, measure, "※" in text, said)

    def _base(self, ratio: Ratio, measure: Measure, small: bool, said: str) -> None:
        """※ says of a town that its base is small; a figure printed in a table without it, that it is not."""
        if not re.search("CSV|全县|同比|要抓的事| 图 ", said):
            low, high = (Fraction(1), Fraction(measure.base - 1)) if small else (Fraction(measure.base), None)
            self._add(Fact(Ratio(ratio.below, (), Fraction(1)), low, high, f"{said} ※"))

    def _change(self, unit: str, measure: Measure, text: str, said: str) -> None:
        year, bounds = self.edition.year, around(text)
        towns = self.world.behind(unit, year, measure, matched=True)
        now, then = self.world.ratio(towns, year, measure), self.world.ratio(towns, year - 1, measure)
        if measure.code == GROWTH or now is None or then is None:
            return
        if text.endswith("倍") and (times := around(text.removesuffix("倍"))) is not None:
            self._add(Fact(now, *times, f"{said} 同比", then, divides=True))
        elif bounds is not None and "%" in text:
            self._add(Fact(now, 1 + bounds[0] / 100, 1 + bounds[1] / 100, f"{said} 同比", then, divides=True))
        elif bounds is not None:
            exact = (bounds[0] + bounds[1]) / 2
            low, high = bounds if measure.whole else (exact, exact)
            self._add(Fact(now, low, high, f"{said} 同比", then))

    def _against(self, unit: str, measure: Measure, text: str, said: str) -> None:
        bounds, year = around(text), self.edition.year
        ratio, whole = self._of(unit, year, measure), self._of(self._county, year, measure)
        if bounds is None or ratio is None or whole is None or unit == self._county:
            return
        if measure.whole:
            self._add(Fact(ratio, *bounds, f"{said} 与全县之差", whole))
        else:
            self._add(Fact(ratio, bounds[0] / 100, bounds[1] / 100, f"{said} 占全县", whole, divides=True))

    def _gap(self, unit: str, measure: Measure, cells: Mapping[str, str], said: str) -> None:
        """How much is missing to a target of at least so much."""
        bounds, aim = around(cells.get("差距", "")), re.fullmatch(r"≥([\d.]+)%?", cells.get("目标", ""))
        ratio = self._of(unit, self.edition.year, measure)
        if bounds is not None and aim is not None and ratio is not None:
            offset = 100 if measure.code == GROWTH else 0
            target = Fraction(aim[1]) + offset
            self._add(Fact(ratio, target - bounds[1], target - bounds[0], f"{said} 差距"))

    def _state(self, unit: str, year: int, measure: Measure, text: str, said: str) -> None:
        target = self.world.params.targets.get(year, {}).get(measure.code)
        ratio = self._of(unit, year, measure)
        stated = re.search("(未)?达标", text)
        if target is None or ratio is None or stated is None or "概数" in text:
            return
        bound = Fraction(str(target.value)) + (100 if measure.code == GROWTH else 0)
        met, at_least = not stated[1], target.operator == ">="
        low, high = (bound, None) if met == at_least else (None, bound)
        self._add(Fact(ratio, low, high, f"{said} {stated[0]}", strict=not met))

    def _add(self, fact: Fact) -> None:
        if not fact.holds(self.world.truth):
            if self._rests_on_approximation(fact):
                return
            raise AssertionError(f"misread or untrue: {fact}")
        self.facts.append(fact)

    def _rests_on_approximation(self, fact: Fact) -> bool:
        """What is said of an approximation may be said of its upper bound, of which this reader knows nothing."""
        other = () if fact.other is None else (*fact.other.above, *fact.other.below)
        return not self.world.about.isdisjoint((*fact.ratio.above, *fact.ratio.below, *other))


def shown(reading: Reading) -> frozenset[Cell]:
    """The counts that an edition prints as they are."""
    return frozenset(
        fact.ratio.above[0]
        for fact in reading.facts
        if len(fact.ratio.above) == 1 and not fact.ratio.below and fact.low == fact.high and fact.ratio.factor == 1
    )


def hidden(reading: Reading) -> Iterator[Cell]:
    """The counts of the edition's own questions that were answered and are not printed.

    Those of this year and of last, and of earlier years those that figures over several years are.
    """
    if reading.edition.edition != "meeting":
        return
    printed = shown(reading)
    measured = {name for measure in MEASURES for name in (measure.part, measure.whole)}
    over_years = {measure.part for measure in MEASURES if not measure.whole}
    for cell in reading.world.truth:
        asked = cell.count in SEASONAL or (cell.count in LABELS.values() and cell.count in measured)
        is_recent = cell.year in (reading.edition.year, reading.edition.year - 1)
        if asked and (is_recent or cell.count in over_years) and cell not in printed:
            yield cell


__all__ = ["Fact", "Reading", "hidden", "seasons", "shown"]
