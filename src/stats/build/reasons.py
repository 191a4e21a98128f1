"""Why a command did not end with 0, in one line: its last on the screen. Decides no exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from stats.build.documents.failure import Failure
from stats.findings import Finding
from stats.receipt import Receipt
from stats.returns.finding_texts import UNFIT

_MOST_NAMED = 8


def of_data(refusals: Sequence[Finding], receipts: Mapping[str, Receipt], year: int, county: str) -> str:
    """What stops something: faults in what the county wrote, returns refused or in error, files of nobody.

    ``receipts`` goes by the names of the units that were asked for, the county's own row among them by ``county``.
    """
    own = receipts.get(county, Receipt.REPORTED)
    unfit = [finding for finding in refusals if finding.rule == UNFIT]
    parts = [f"{len(unfit)} 处县里填写的内容有误，没有采用"] if unfit else []
    parts += [f"{year} 年没有一份可以采用的报表"] if any(f.rule == "R-NOTHING" for f in refusals) else []
    parts += [
        f"{became.label} {len(names)} 个单位（{_listed(names)}）"
        for became in Receipt
        if became.is_withheld and (names := [n for n, each in receipts.items() if each is became and n != county])
    ]
    parts += [f"县级本级{own.label}"] if own.is_withheld else []
    strange = {(f.file, f.cell) for f in refusals if f.file and not f.unit and f.year == year}
    parts += [f"不能认定单位的来文 {len(strange)} 处，没有采用"] if strange else []
    earlier = sorted({f.year for f in refusals if f.year is not None and f.year < year and f.rule != UNFIT})
    parts += [f"{'、'.join(map(str, earlier))} 年有报表被拒收，有关同比为空"] if earlier else []
    return "；".join(parts) + ("，详见上列" if parts else "")


def of_failures(failures: Iterable[Failure]) -> str:
    """Which documents were not made."""
    names = [failure.document for failure in failures]
    return f"{len(names)} 份附件没有生成（{_listed(names)}），原因和处理办法见上"


def _listed(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _MOST_NAMED else ""
    return f"{'、'.join(names[:_MOST_NAMED])}{more}"
