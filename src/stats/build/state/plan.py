"""Which documents are due, and in whose place a page stands that says 待核对 or 未上报; builds none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from stats.build.state.output_paths import file_name_part
from stats.errors import ExitCode
from stats.findings import Finding, Severity
from stats.params import Params, Unit
from stats.receipt import REFUSING, Receipt, receipt
from stats.returns.finding_texts import UNFIT

State = Literal["due", "not_reported", "refused"]
Value = str | int

PENDING = "pending.ipynb"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the set: its file name (without suffix), its unit, its notebook and that notebook's parameters.

    ``receipt`` tells what became of the unit's return, None for a document about no return. ``state`` follows from it:
    "not_reported" for the one-page document of a unit without a return, "refused" where the return has a fatal or hard
    finding in the report year: then a page that says 待核对 stands in the document's place.
    """

    name: str
    number: str
    unit: Unit
    notebook: str
    parameters: tuple[tuple[str, Value], ...]
    receipt: Receipt | None = None
    refusals: tuple[Finding, ...] = ()

    @property
    def state(self) -> State:
        """How the document stands in the set."""
        if self.receipt is None:
            return "due"
        if self.receipt.is_withheld:
            return "refused"
        return "not_reported" if self.receipt is Receipt.NOT_REPORTED and self.unit.type != "县级本级" else "due"

    @property
    def rules(self) -> tuple[str, ...]:
        """The checks that refused the return or something in it, each once."""
        return tuple(sorted({finding.rule for finding in self.refusals}))


def plan(params: Params, *, findings: Iterable[Finding], received: Collection[str]) -> tuple[Document, ...]:
    """All documents due for the year: those about a unit's return, then the report on the quality of the data.

    ``received`` are the codes of the units whose return of the year is there.
    """
    return (*about_returns(params, findings=findings, received=received), _quality_document(params))


def about_returns(params: Params, *, findings: Iterable[Finding], received: Collection[str]) -> tuple[Document, ...]:
    """The county's document, then one per unit due, in code order and numbered without a gap."""
    refusals: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.severity in REFUSING and finding.year == params.year:
            refusals[finding.unit] = (*refusals.get(finding.unit, ()), finding)
    return (
        _county_document(params, refusals.get(params.county.code, ()), received=params.county.code in received),
        *(
            _town_document(params, unit, place, refusals.get(unit.code, ()), received=unit.code in received)
            for place, unit in enumerate(params.due(params.year), start=1)
        ),
    )


def refusals(findings: Iterable[Finding], year: int, units: Collection[str] = ()) -> tuple[Finding, ...]:
    """All that stops something, those of the year first: what is refused or wrong in it, what was refused of earlier.

    Without a return of an earlier year figures are compared with nothing; a mere error in it costs one answer. Of some
    ``units`` only what stops their documents.
    """
    stopping = [finding for finding in findings if finding.severity in REFUSING]
    of_year = [finding for finding in stopping if finding.year in (year, None)]
    earlier = [f for f in stopping if f not in of_year and (f.severity is Severity.FATAL or f.rule == UNFIT)]
    told = (*of_year, *earlier)
    return tuple(f for f in told if not units or f.rule == UNFIT or (f.unit in units and f.year == year))


def unattributed(params: Params, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The refusals of files and rows that fit no unit due, and so are told by no unit's document."""
    due = {params.county.code, *(unit.code for unit in params.due(params.year))}
    about_no_file = (UNFIT, "R-NOTHING")
    return tuple(f for f in refusals(findings, params.year) if f.unit not in due and f.rule not in about_no_file)


def data_exit_code(stopping: Iterable[Finding]) -> ExitCode:
    """The exit code that findings which stop something ask for; what the county wrote itself goes first."""
    rules = {finding.rule for finding in stopping}
    if UNFIT in rules:
        return ExitCode.USAGE
    return ExitCode.DATA_REFUSED if rules else ExitCode.COMPLETE


def _county_document(params: Params, refusals: tuple[Finding, ...], *, received: bool) -> Document:
    became = receipt(refusals, received=received)
    return Document(
        name="附件2-全县汇总和位次",
        number="附件2",
        unit=params.county_unit,
        notebook=PENDING if became.is_withheld else "county.ipynb",
        parameters=_about(params.county_unit, params) if became.is_withheld else _shared(params),
        receipt=became,
        refusals=refusals,
    )


def _town_document(
    params: Params, unit: Unit, place: int, refusals: tuple[Finding, ...], *, received: bool
) -> Document:
    became = receipt(refusals, received=received)
    number = f"附件3-{place:02d}"
    parts = (number, unit.code, file_name_part(unit.name))
    return Document(
        name="-".join(part for part in parts if part),
        number=number,
        unit=unit,
        notebook=PENDING if became.is_withheld else "town.ipynb",
        parameters=_about(unit, params),
        receipt=became,
        refusals=refusals,
    )


def _quality_document(params: Params) -> Document:
    """The report on the quality of the data: due whatever was found, for it tells of it."""
    return Document(
        name="附件4-数据质量报告",
        number="附件4",
        unit=params.county_unit,
        notebook="quality.ipynb",
        parameters=_shared(params),
    )


def _about(unit: Unit, params: Params) -> tuple[tuple[str, Value], ...]:
    return (("unit", unit.code), *_shared(params))


def _shared(params: Params) -> tuple[tuple[str, Value], ...]:
    return (("year", params.year), ("edition", params.edition), ("workspace", ""))
