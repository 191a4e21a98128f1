"""The set as one offline page: what the county's leaders ask first, then every document, or why one is not there.

Figures come as blocks of :mod:`stats.present`; none is formatted here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from stats import present
from stats.build.state.manifest import Entry, counted, explanation
from stats.documents import DOCUMENTS, EDITION_NAMES, DocumentEntry
from stats.formats import EVERY, NOTEBOOK
from stats.numbers import Standing, standing
from stats.params import Params
from stats.present.blocks import Block, Cover, Table, Tiles
from stats.present.front_and_back_matter import banner
from stats.publish.html import NARROW_TITLE, items, rendered
from stats.publish.links import Link
from stats.publish.title import title_lines
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport

MANIFEST = "manifest.json"
_DATA_LABELS = {
    "data/indicators.csv": "本版全部指标，每单位每指标一行",
    "data/cells.csv": "每个填报值的状态和出处（仅全本）",
    MANIFEST: "各份的状态和各文件的 SHA-256",
}
_VOLUME = "合订本（整套附件，供打印）"
_WORKLIST_LABEL = "退回该单位核对的问题（仅全本，含填报的数值，只给该单位）"
# How a unit stands to its targets, in the words of the page.
_STANDINGS: Mapping[Standing, str] = {"met": "达标", "unmet": "未达标", "hidden": "不公布", "unknown": "不能判定"}


@dataclass(frozen=True, slots=True)
class File:
    """A file that is no document of the set: a relative address, its name, and what it is."""

    address: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One unit, or one document about no unit: its name, how it stands to its targets, the links of each document."""

    name: str
    links: tuple[tuple[Link, ...], ...]
    why: str
    counts: tuple[int, ...] = ()


def index_html(
    params: Params,
    *,
    entries: Sequence[Entry],
    data: Iterable[str],
    unattributed: int,
    county: CountyReport | None = None,
) -> str:
    """The page. ``data`` are the paths of the other files; ``unattributed`` counts refusals that fit no unit due.

    ``county`` is the county's report in the edition: its figures are shown where its own document shows them.
    """
    title = f"{params.county.name}{params.year}年度统计附件（{EDITION_NAMES[params.edition]}）"
    is_shown = any(_kind(each).key == "county" and each.state == "complete" for each in entries)
    blocks = tuple(_blocks(county)) if county is not None and is_shown else ()
    counts = _counts(county) if county is not None and is_shown else {}
    kinds, towns = _towns(entries, counts)
    others = [_file(path) for path in data]
    return rendered(
        "index.html.j2",
        cover=Cover("", title, (), params.marking, banner(params)),
        name=title,
        title_lines=[title_lines(line, NARROW_TITLE) for line in title_lines(title)],
        summary=(
            f"应报单位 {len(params.due(params.year))} 个（另有县级本级）："
            f"{_units(entries, params.county.code)}；附件{_summary(entries)}"
        ),
        remarks=_remarks(unattributed),
        items=items(blocks, _pages(entries), every_cell=True),
        counted=list(_STANDINGS.values()) if counts else [],
        town_heads=[each.title for each in kinds],
        towns=towns,
        others=[*_others(entries), *(_volume(file) for file in others if file.name.endswith(".pdf"))],
        data=[file for file in others if file.name != MANIFEST and not file.name.endswith(".pdf")],
        review=[*(file for file in others if file.name == MANIFEST), *_notebooks(entries)],
    )


def _blocks(report: CountyReport) -> Iterator[Block]:
    """The county's five figures and who must act on what, as far as the edition holds them."""
    for block in (present.county_figures(report), present.targets_matrix(report)):
        if isinstance(block, Tiles) and block.tiles:
            yield block
        elif isinstance(block, Table):
            yield replace(block, number="")


def _counts(report: CountyReport) -> dict[str, tuple[int, ...]]:
    """How each unit with a document of its own stands to its targets, by code; none without figures."""
    of_units = {
        unit.code: Counter(map(standing, report.towns[unit.code].values()))
        for unit in report.units_with(Receipt.REPORTED)
    }
    return {code: tuple(found[each] for each in _STANDINGS) for code, found in of_units.items() if found}


def _kind(entry: Entry) -> DocumentEntry:
    return next(each for each in DOCUMENTS if each.number == entry.number.partition("-")[0])


def _towns(
    entries: Iterable[Entry], counts: Mapping[str, tuple[int, ...]]
) -> tuple[tuple[DocumentEntry, ...], list[Row]]:
    """The kinds of documents that each unit has, and a row for each unit."""
    of_unit: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in entries:
        if _kind(each).of == "town":
            of_unit[each.unit_code].append(each)
    kinds = tuple(dict.fromkeys(_kind(each) for found in of_unit.values() for each in found))
    rows = []
    for code, found in of_unit.items():
        in_order = [next((each for each in found if _kind(each) == kind), None) for kind in kinds]
        rows.append(_row(found[0].unit_name, in_order, counts.get(code, ())))
    return kinds, rows


def _others(entries: Iterable[Entry]) -> Iterator[Row]:
    """A row for each document about no unit by itself."""
    for each in entries:
        if _kind(each).of != "town":
            yield _row(f"{each.number} {_kind(each).title}", [each])


def _volume(file: File) -> Row:
    return Row(_VOLUME, ((Link(file.address, "PDF"),),), "")


def _row(name: str, entries: Sequence[Entry | None], counts: tuple[int, ...] = ()) -> Row:
    links = tuple(() if each is None else _links(each) for each in entries)
    told = ((each.label, explanation(each, outward=True)) for each in entries if each is not None)
    whys = dict.fromkeys(f"{label}：{why}" for label, why in told if why)
    return Row(name, links, "；".join(whys), counts)


def _links(entry: Entry) -> tuple[Link, ...]:
    names = {each: f"{entry.name}.{each.suffix}" for each in EVERY if each != NOTEBOOK}
    return tuple(Link(quote(name), each.label) for each, name in names.items() if name in entry.files)


def _pages(entries: Iterable[Entry]) -> Iterator[Link]:
    """The page of every unit by its name."""
    for each in entries:
        if _kind(each).key == "town" and f"{each.name}.html" in each.files:
            yield Link(quote(f"{each.name}.html"), each.unit_name)


def _notebooks(entries: Iterable[Entry]) -> Iterator[File]:
    for each in entries:
        if (name := f"{each.name}.{NOTEBOOK.suffix}") in each.files:
            yield File(quote(name), name, "")


def _file(path: str) -> File:
    return File(quote(path), path, _DATA_LABELS.get(path, _WORKLIST_LABEL))


def _summary(entries: Sequence[Entry]) -> str:
    return f"{'；'.join(f'{label} {count} 份' for label, count in counted(entries).items())}。"


def _units(entries: Sequence[Entry], county: str) -> str:
    """What became of the returns of the units due, the county's own row apart."""
    receipts = {entry.unit_code: entry.receipt for entry in entries if entry.receipt and entry.unit_code != county}
    counts = Counter(receipts.values())
    in_error = counts[Receipt.IN_ERROR]
    parts = [
        f"已上报 {counts[Receipt.REPORTED] + in_error} 个{f'（其中有错误待核对 {in_error} 个）' if in_error else ''}"
    ]
    parts += [f"{each.label} {counts[each]} 个" for each in (Receipt.REFUSED, Receipt.NOT_REPORTED) if counts[each]]
    return "，".join(parts)


def _remarks(unattributed: int) -> tuple[str, ...]:
    if not unattributed:
        return ()
    return (f"另有 {unattributed} 处来文内容（含往年文件）不能采用，也认不出是名册内哪个单位的。",)
