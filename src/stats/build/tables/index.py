"""The set as one offline page: every document with its state, and why one is not there; shows no figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote

import jinja2

from stats.build.state.manifest import Entry, counted, explanation
from stats.disclosure.editions import EDITIONS
from stats.formats import EVERY
from stats.params import Params
from stats.present.front_and_back_matter import BANNER
from stats.receipt import Receipt

_DATA_LABELS = {
    "data/indicators.csv": "本版全部指标，每单位每指标一行",
    "data/cells.csv": "每个填报值的状态和出处（仅全本）",
    "manifest.json": "各份的状态和各文件的 SHA-256",
}
_VOLUME_LABEL = "整套附件合订为一个文件，供打印"
_WORKLIST_LABEL = "退回该单位核对的问题（仅全本，含填报的数值，只给该单位）"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the page: a relative address, what it says, and the file's own name where that differs."""

    address: str
    label: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One document's line on the page."""

    number: str
    unit: str
    code: str
    state: str
    withheld: bool
    links: tuple[Link, ...]
    why: str


def index_html(params: Params, *, entries: Sequence[Entry], data: Iterable[str], unattributed: int) -> str:
    """The page. ``data`` are the paths of the other files; ``unattributed`` counts refusals that fit no unit due."""
    return _template().render(
        title=f"{params.county.name}{params.year}年度统计附件（{EDITIONS[params.edition].label}）",
        marking=params.marking,
        banner=BANNER if params.demonstration else "",
        summary=(
            f"应报单位 {len(params.due(params.year))} 个（另有县级本级）："
            f"{_units(entries, params.county.code)}；附件{_summary(entries)}"
        ),
        caption=f"共 {len(entries)} 份，按附件号排列",
        rows=[_row(entry) for entry in entries],
        remarks=_remarks(unattributed),
        data=[Link(quote(path), _data_label(path), name=path) for path in data],
    )


def _data_label(path: str) -> str:
    return _DATA_LABELS.get(path) or (_VOLUME_LABEL if path.endswith(".pdf") else _WORKLIST_LABEL)


@cache
def _template() -> jinja2.Template:
    surroundings = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return surroundings.from_string(files(__package__).joinpath("index.html.j2").read_text(encoding="utf-8"))


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


def _row(entry: Entry) -> Row:
    links = tuple(
        Link(quote(name), each.label) for each in EVERY if (name := f"{entry.name}.{each.suffix}") in entry.files
    )
    withheld = entry.state not in ("complete", "not_reported")
    return Row(
        entry.number,
        entry.unit_name,
        entry.unit_code,
        entry.label,
        withheld,
        links,
        explanation(entry, outward=True),
    )


def _remarks(unattributed: int) -> tuple[str, ...]:
    if not unattributed:
        return ()
    return (f"另有 {unattributed} 处来文内容（含往年文件）不能采用，也认不出是名册内哪个单位的。",)
