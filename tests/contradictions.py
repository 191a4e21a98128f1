"""What a document's sentences claim against what the full edition knows. Knows nothing of how sentences are made.

Every check yields the contradictions it finds as text. The words looked for are written here a second time, by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure

Figures = Mapping[str, Figure]

ABOUT = {
    "SYS-01": "议军会议|每季度议军",
    "SYS-02": "需解决事项|事项数|事项办结率|^办结率",
    "SYS-03": "述职",
    "SYS-04": "四纳入",
    "SYS-05": "军事日",
    "SYS-06": "四个一",
    "SYS-07": "表彰",
    "REC-01": "征集任务",
    "REC-02": "(?<!口)征集新兵",
    "REC-03": "新兵中大学生",
    "REC-04": "大学毕业生",
    "REC-05": "兵役登记率",
    "REC-06": "报名上站率",
    "REC-07": "双合格率",
    "REC-08": "退兵率",
    "REC-09": "每万人口征集新兵数",
    "REC-10": "大学生报名",
    "MIL-01": "整组单位|整组完成率|整组的村",
    "MIL-02": "整组大会",
    "MIL-03": "点验到点率",
    "MIL-04": "参训率",
    "MIL-05": "例会",
    "EMG-01": "公共卫生任务",
    "EMG-02": "抢险救灾",
    "EMG-03": "人均出动",
    "EMG-04": "乡村振兴",
    "EMG-05": "应急力量体系|地方应急体系",
    "EMG-06": "应急出动人次增速",
    "BLD-01": "三星级及以上",
    "BLD-02": "五星级",
    "BLD-03": "规范化验收|达优|未验收",
    "BLD-04": "配备率|配齐|应配数",
    "BLD-05": "资格认证",
    "BLD-06": "两优",
    "BLD-07": "行政编制",
    "EDU-01": "国防教育活动(?!开展)",
    "EDU-02": "受教育",
    "EDU-03": "覆盖率|中小学",
    "EDU-04": "国防教育日",
    "EDU-05": "集中国防教育|每期7天",
    "SUP-01": "走访部队|驻地部队|八一",
    "SUP-02": "应走访优抚对象|走访覆盖率",
    "SUP-03": "优待金.*标准",
    "SUP-04": "足额发放|应发优待金",
    "SUP-05": "喜报",
    "SUP-06": "诉求",
    "SUP-07": "双拥活动",
    "FND-01": "经费投入",
    "FND-02": "经费总量|经费增速",
    "FND-03": "执行率|年初预算",
    "FND-04": "镇级投入",
    "FND-05": "人均经费|人均武装工作经费",
    "FND-06": "基层规范化建设(投入)?占",
}
MISSED = r"未(?!填|公布|上报|设)|距达优|与逐年增加的要求不符"
ALL_DONE = "做到了每季度议军|全部落实|均为“|均为行政|已全部|按期开展|已纳入|落实八一|完成了全年"
UP, DOWN = "提高|上升|增加|增长|新增|为上年的", "下降|减少|本年未发生"
PLACE = r"居(\S{0,6}?)(\d+)个(?:可比)?单位(?:(并列)?第(\d+)位|(末位))"
COUNTS = r"(已上报的)?(\d+)个单位(?:中((?:\d+个[^，；。（）]*(?:（[^）]*）)?，?)+)|均([^，；。]*))"
# Differences, last year's figures and shares of a whole, numbers of units, what a target or a question asks in words,
# and how often that was done of which tables say yes or no.
NO_FIGURE = (
    "(?:比上年|，增长|，下降|，为上年的|[高低]于全[县市]|差|上年为|本年新增|占)[^，；。（）]*|"
    "目标要求（[^）]*）|（按[^）]*）|[0-9]+个单位[^；。]*|不足[0-9.]+|5项|7天|(?:驻地部队|“军事日”)[0-9]+次"
)


# What the summary counts itself, and the year: indicators, the units due, and what is open in a return; what is said
# of an error that withholds the document quotes what was sent, which is in no table on purpose.
COUNTED = "本稿为核对用[^$]*?核对表。|[0-9]{4}年度|[0-9]+项|(?:应报单位|已上报|未上报|错误待核对)[0-9]+个|提示[0-9]+条"


@dataclass(frozen=True)
class Document:
    """What a reader of one document has: the summary, the text of each domain, all other texts, every table cell."""

    summary: str
    domains: Mapping[str, str]
    others: str
    cells: frozenset[str]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence of the summary and of the domains."""
        texts = (self.summary, *self.domains.values())
        return tuple(sentence for text in texts for sentence in re.split("[。\n]", text) if sentence)

    def clauses(self, code: str) -> tuple[str, ...]:
        """The clauses of a domain that are about an indicator."""
        text = self.domains.get(code.partition("-")[0], "")
        return tuple(c for c in re.split("[。；\n]", text) if re.search(ABOUT[code], c) and "因数值过小" not in c)


@dataclass(frozen=True)
class Known:
    """What is known of the document's unit, in full, of last year, and as the edition shows it; of towns by name."""

    full: Figures
    last: Figures
    shown: Figures
    towns: Mapping[str, Figures]
    towns_shown: Mapping[str, Figures]
    is_county: bool


def contradictions(document: Document, known: Known) -> Iterator[str]:
    """Everything the document says that is not so, or does not say that must be said."""
    yield from broken_sentences(document)
    yield from repeated_sentences(document)
    yield from wrong_totals(document, known)
    yield from denied(document, known)
    for code in known.shown:
        yield from (f"{code}: {text}" for text in wrong_about(code, document, known))
    yield from wrong_places(document, known)
    if known.is_county:
        yield from wrong_units(document, known)
    yield from unfounded_numbers(document)


def broken_sentences(document: Document) -> Iterator[str]:
    """Marks of tables, values of the program, empty clauses, the program's own words."""
    for sentence in document.sentences:
        if found := re.search(r"\[.\]|None|nan|NaN|[{}※…]|（）|[，；、]{2}|^[，；]|[，；]$", sentence):
            yield f"{found[0]!r} in a sentence: {sentence}"
        if found := re.search("可判优劣|遮蔽|单元格|分母|其中:|次数较多|第[1-9]名", sentence):
            yield f"word of the program {found[0]!r}: {sentence}"


def repeated_sentences(document: Document) -> Iterator[str]:
    """A sentence that stands twice in one document."""
    yield from (f"said {n} times: {text}" for text, n in Counter(document.sentences).items() if n > 1)


def state_of(figure: Figure) -> str:
    """A figure against its target as the edition that holds it tells it."""
    hidden = figure.status is Status.HIDDEN and figure.target.state not in ("met", "unmet", "none", "not_applicable")
    return "hidden" if hidden else figure.target.state


def wrong_totals(document: Document, known: Known) -> Iterator[str]:
    """Counts of targets that do not add up, or do not match."""
    found = re.search("设目标([0-9]+)项(?:（[^）]*）)?[，：]([^。\n]*)", document.summary)
    shown = Counter(state_of(figure) for figure in known.shown.values())
    full = Counter(state_of(known.full[code]) for code in known.shown)
    counted = ("met", "unmet", "hidden", "unknown")
    if not found:
        if any(shown[state] for state in counted):
            yield "no count of targets"
        return
    said = {
        "met": _number("，达标([0-9]+)项", f"，{found[2]}"),
        "unmet": _number("未达标([0-9]+)项", found[2]),
        "hidden": _number("不公布([0-9]+)项", found[2]) + _number("([0-9]+)项因数值过小不公布", found[2]),
        "unknown": _number("不能判定([0-9]+)项", found[2]) + _number("([0-9]+)项缺数或概数不能判定", found[2]),
    }
    if sum(said.values()) != int(found[1]):
        yield f"parts do not add up to {found[1]}: {said}"
    if said != {state: shown[state] for state in counted}:
        yield f"{said} told, {dict(shown)} shown"
    # what is hidden may not apply at all, which the edition does not tell either
    total, apart = sum(full[state] for state in counted), full["not_applicable"] - shown["not_applicable"]
    if not total <= sum(said.values()) <= total + apart:
        yield f"{said} told of {dict(full)}"
    yield from (
        f"{said[state]} {state} told, {full[state]} are" for state in ("met", "unmet") if said[state] > full[state]
    )


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def denied(document: Document, known: Known) -> Iterator[str]:
    """没有未达标 where something is missed, or may be."""
    missed = [code for code in known.shown if known.full[code].target.state == "unmet"]
    open_states = [code for code in known.shown if state_of(known.shown[code]) in ("hidden", "unknown")]
    for claim in re.findall(r"([^，。；\n]*)没有未达标", document.summary + "\n" + document.others):
        qualified = claim.endswith(("公布的指标中", "能判定的指标中"))
        if not qualified and (missed or open_states):
            yield f"nothing missed is claimed beside {missed or open_states}"
        if qualified and any(state_of(known.shown[code]) == "unmet" for code in known.shown):
            yield "nothing told is missed is claimed beside a missed one"


def wrong_about(code: str, document: Document, known: Known) -> Iterator[str]:
    """What is said of one indicator against its figure."""
    clauses = document.clauses(code)
    shown, full = known.shown[code], known.full[code]
    if state_of(shown) == "unmet":
        yield from missed_in_silence(code, clauses, known)
    for clause in clauses:
        if "未达到目标要求" in clause and full.target.state != "unmet":
            yield f"missed is claimed of {full.target.state}: {clause}"
        if re.search("(?<!未)(?<!是否)达到目标要求", clause) and full.target.state != "met":
            yield f"met is claimed of {full.target.state}: {clause}"
        if not known.is_county and re.search(f"(?<!未)(?<!否)(?:{ALL_DONE})", clause) and not _is_all(full):
            yield f"all done is claimed of {full.value}: {clause}"
        if (
            shown.status is Status.HIDDEN
            and not known.is_county
            and re.search("[0-9]", re.sub("（[^）]*）", "", clause))
        ):
            yield f"a number of what is hidden: {clause}"
        if full.small_base and shown.status.has_value and re.search("[0-9]%", clause) and "基数较小" not in clause:
            yield f"a small base is not said: {clause}"
        yield from wrong_direction(code, clause, full)
        if _is_told_partly(shown, clause) and "按两年均有数据" not in document.domains[code.partition("-")[0]]:
            yield f"a change over some units as one of all: {clause}"
    yield from not_worded_as_done(code, clauses, full)


def _is_all(figure: Figure) -> bool:
    return figure.value is not None and figure.value >= 100


def _is_told_partly(shown: Figure, clause: str) -> bool:
    is_growth = indicators()[shown.indicator].kind == "growth"
    return shown.last_year.is_partial and not is_growth and bool(re.search(f"比上年(?:{UP}|{DOWN})", clause))


def missed_in_silence(code: str, clauses: tuple[str, ...], known: Known) -> Iterator[str]:
    """A missed target that its domain passes over, or tells without last year's state or with another one."""
    if not any(re.search(MISSED, clause) for clause in clauses):
        yield f"missed and not said: {clauses}"
        return
    before = known.last.get(code)
    states = re.findall("上年(已达|也未达|不能判定|无数据|不适用|未设目标|情况不公布)", "".join(clauses))
    broken = "区划调整" in "".join(clauses)
    if not states and not broken:
        yield f"missed without last year's state: {clauses}"
    truth = {"met": "已达", "unmet": "也未达"}
    for said in states:
        if said in truth.values() and before is not None and truth.get(_judged(before)) != said:
            yield f"last year {said} is said of {_judged(before)}: {clauses}"


def _judged(figure: Figure) -> str:
    entry = indicators()[figure.indicator]
    if figure.target.state == "none" and figure.status is Status.OK and entry.kind in ("yesno", "compliance"):
        return "met" if figure.rounded == 100 else "unmet"
    return figure.target.state


def not_worded_as_done(code: str, clauses: tuple[str, ...], full: Figure) -> Iterator[str]:
    """An answer nobody gave, told as not done."""
    if full.status in (Status.MISSING, Status.REDACTED, Status.ERROR) and full.unit[6:] != "000000":
        for clause in clauses:
            if re.search("未(开展|完成|述职|进行|落实|纳入|过|达)", clause):
                yield f"not done is claimed of {full.status}: {clause}"


def ends(given: Comparison) -> tuple[Decimal, Decimal] | None:
    """Both ends of a difference; None where it is not known."""
    if not given.status.has_value or given.difference is None:
        return None
    if given.status is Status.APPROX:
        return None if given.low is None or given.high is None else (given.low, given.high)
    return given.difference, given.difference


def wrong_direction(code: str, clause: str, full: Figure) -> Iterator[str]:
    """A direction that not both ends of the interval have, or a level one that is not."""
    entry = indicators()[code]
    for said in re.findall(r"(?:比上年|上年为零，本年|(?<!不)与上年|，为上年的|，上年为(?!零))[^，（；]*", clause):
        if "不与上年比较" in said:
            continue
        if entry.kind == "growth":
            low, high = (full.low, full.high) if full.status is Status.APPROX else (full.rounded, full.rounded)
        else:
            low, high = ends(full.last_year) or (None, None)
        if low is None or high is None:
            if not re.search("大体相当|元%?$", said):
                yield f"a change nobody knows: {clause}"
            continue
        if re.search(UP, said) and not low > 0:
            yield f"a rise of {low} to {high}: {clause}"
        if re.search(DOWN, said) and not high < 0:
            yield f"a fall of {low} to {high}: {clause}"
        if re.search("持平|均为零", said) and (low, high) != (0, 0):
            yield f"a standstill of {low} to {high}: {clause}"
        if "大体相当" in said and (low > 0 or high < 0 or full.last_year.status is Status.OK):
            yield f"an open direction of {low} to {high}: {clause}"


def wrong_places(document: Document, known: Known) -> Iterator[str]:
    """A place that is not the unit's, or means nothing."""
    for sentence in document.sentences:
        for group, of, tied, place, last in re.findall(PLACE, sentence):
            number = int(of if last else place)
            fitting = [
                code
                for code, figure in known.shown.items()
                if (figure.rank.place, figure.rank.of, figure.rank.group) == (number, int(of), group)
            ]
            if not any(_means_something(code, number, int(of), group, bool(tied), known) for code in fitting):
                yield f"place {number} of {of}: {sentence}"


def _means_something(code: str, place: int, of: int, group: str, tied: bool, known: Known) -> bool:
    ranked = [f for figures in known.towns_shown.values() if (f := figures.get(code)) and f.rank.place is not None]
    among = [figure for figure in ranked if figure.rank.group == group]
    own = known.shown[code]
    same = sum(figure.rounded == own.rounded for figure in among)
    higher = indicators()[code].direction == "higher"
    better = [f for f in among if f.rounded is not None and own.rounded is not None and _better(f, own, higher)]
    is_over = own.rounded is not None and own.rounded > 100 and indicators()[code].capped == "warn"
    telling = of >= 9 and 3 * same <= of and 3 * min(place, of + 1 - place) <= of
    return telling and tied == (same > 1) and len(better) == place - 1 and not is_over and not own.small_base


def _better(one: Figure, other: Figure, higher: bool) -> bool:
    left, right = (_distance(figure) for figure in (one, other))
    return left > right if higher else left < right


def _distance(figure: Figure) -> Decimal:
    """What is ranked: of a share that cannot sensibly exceed 100, no more than that."""
    value = figure.rounded or Decimal(0)
    return min(value, Decimal(100)) if indicators()[figure.indicator].capped == "warn" else value


def wrong_units(document: Document, known: Known) -> Iterator[str]:
    """Numbers of units that do not add up, and units named for what they are not."""
    for domain, text in document.domains.items():
        for clause in re.split("[。；\n]", text):
            codes = [code for code in known.shown if code.startswith(domain) and re.search(ABOUT[code], clause)]
            for counted in re.finditer(COUNTS, clause):
                yield from _wrong_counts(counted, clause, codes, known)


def _wrong_counts(counted: re.Match[str], clause: str, codes: list[str], known: Known) -> Iterator[str]:
    total, parts = int(counted[2]), counted[3] or ""
    if (
        "按" in clause[max(0, counted.start() - 8) : counted.start()]
        or clause[counted.start() - 1 : counted.start()] == "等"
    ):
        return
    if total != len(known.towns):
        yield f"{total} of {len(known.towns)} units: {clause}"
    numbers = [int(number) for number in re.findall(r"(?:^|，)(\d+)个", re.sub("（[^）]*）", "", parts))]
    if parts and sum(numbers) != total:
        yield f"units do not add up to {total}: {clause}"
    failed = re.search(r"(\d+)个未[^（，]*（([^）]*)）", parts)
    truth = [{n for n, f in known.towns.items() if _judged(f[code]) == "unmet"} for code in codes if _has(known, code)]
    if failed and truth:
        named = set(re.sub("等[0-9]+个单位$", "", failed[2]).split("、"))
        if not any(named <= missed and int(failed[1]) <= len(missed) for missed in truth):
            yield f"{named} named, {truth} missed: {clause}"
        listed = re.search("等([0-9]+)个单位$", failed[2])
        if (int(listed[1]) if listed else len(named)) != int(failed[1]):
            yield f"{failed[1]} counted, other names: {clause}"
    if counted[4] and truth and codes:
        wanted = 0 if not counted[4].startswith("未") else len(known.towns)
        if not any(len(missed) == wanted for missed in truth):
            yield f"all is claimed: {clause}"


def _has(known: Known, code: str) -> bool:
    return all(code in figures for figures in known.towns.values())


def unfounded_numbers(document: Document) -> Iterator[str]:
    """A number in a sentence that stands in no table of the document and is no difference or count of units."""
    for text in (re.sub(COUNTED, "", document.summary), *document.domains.values()):
        bare = re.sub(PLACE, "", re.sub(NO_FIGURE, "", re.sub("占(?=约?[0-9])", "为", text)))
        for number in re.findall(r"[0-9]+(?:\.[0-9]+)?", bare):
            if number not in document.cells:
                yield f"{number} stands in no table: {text[:80]}"
