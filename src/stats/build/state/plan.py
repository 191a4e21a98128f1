"""Which documents are due, and in whose place a page stands that says 待核对 or 未上报; builds none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stats.documents import DocumentEntry, chosen, entry
from stats.errors import ExitCode
from stats.findings import Finding, Severity
from stats.formats import made_in
from stats.params import Params, Unit
from stats.params.models import Edition
from stats.receipt import REFUSING, Receipt, receipt
from stats.returns.finding_texts import UNFIT

State = Literal["due", "not_reported", "refused"]
PublishedState = Literal["complete", "not_reported", "refused"]
Value = str | int


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the set in the year: what it is, its unit, the unit's place, and its notebook's parameters.

    ``receipt`` tells what became of the unit's return, None for a document about no return. ``state`` follows from it:
    "not_reported" for the one-page document of a unit without a return, "refused" where the return has a fatal or hard
    finding in the report year: then a page that says 待核对 stands in the document's place.
    """

    entry: DocumentEntry
    unit: Unit
    place: int
    parameters: tuple[tuple[str, Value], ...]
    receipt: Receipt | None = None
    refusals: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """The name of its files, without a suffix."""
        return self.entry.file_name(self.unit, self.place, self.edition)

    @property
    def edition(self) -> Edition:
        """The edition it is made for."""
        return dict(self.parameters)["edition"]  # type: ignore[return-value]

    @property
    def number(self) -> str:
        """What its cover says."""
        return self.entry.number_at(self.place)

    @property
    def notebook(self) -> str:
        """The notebook that makes it, or the page in its place."""
        return self.entry.stand_in if self.state == "refused" else self.entry.notebook

    def suffixes(self, chosen: Collection[str]) -> tuple[str, ...]:
        """What it is made in where these formats are chosen."""
        return made_in(chosen, self.entry.formats)

    @property
    def state(self) -> State:
        """How the document stands in the set."""
        if self.receipt is None:
            return "due"
        if self.receipt.is_withheld:
            return "refused"
        return "not_reported" if self.receipt is Receipt.NOT_REPORTED and self.unit.type != "县级本级" else "due"

    @property
    def published_state(self) -> PublishedState:
        """How it stands once its files are there."""
        return "complete" if self.state == "due" else self.state

    @property
    def rules(self) -> tuple[str, ...]:
        """The checks that refused the return or something in it, each once."""
        return tuple(sorted({finding.rule for finding in self.refusals}))


def plan(params: Params, *, findings: Iterable[Finding], received: Collection[str]) -> tuple[Document, ...]:
    """All documents of the edition due for the year, in the order of the set.

    ``received`` are the codes of the units whose return of the year is there.
    """
    return tuple(_planned(chosen(params), params, findings, received))


def about_returns(params: Params, *, findings: Iterable[Finding], received: Collection[str]) -> tuple[Document, ...]:
    """The main document about each return: the county's, then one per unit due, in code order without a gap."""
    return tuple(_planned(map(entry, ("county", "town")), params, findings, received))


def _planned(
    of: Iterable[DocumentEntry], params: Params, findings: Iterable[Finding], received: Collection[str]
) -> Iterator[Document]:
    stopping = _stopping(findings, params.year)
    for each in of:
        for place, unit in each.subjects(params):
            refused = stopping.get(unit.code, ())
            if each.of == "set":
                yield Document(each, unit, place, _shared(params))
            elif not (became := receipt(refused, received=unit.code in received)).is_withheld:
                yield Document(each, unit, place, _given(each, unit, params), became, refused)
            elif each.stand_in:
                about = _given(each, unit, params) if each.stands_in_itself else _about(unit, params)
                yield Document(each, unit, place, about, became, refused)


def _stopping(findings: Iterable[Finding], year: int) -> Mapping[str, tuple[Finding, ...]]:
    """What stops a document, by unit."""
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.severity in REFUSING and finding.year == year:
            found[finding.unit] = (*found.get(finding.unit, ()), finding)
    return found


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


def _given(entry: DocumentEntry, unit: Unit, params: Params) -> tuple[tuple[str, Value], ...]:
    return _shared(params) if entry.of == "county" else _about(unit, params)


def _about(unit: Unit, params: Params) -> tuple[tuple[str, Value], ...]:
    return (("unit", unit.code), *_shared(params))


def _shared(params: Params) -> tuple[tuple[str, Value], ...]:
    return (("year", params.year), ("edition", params.edition), ("workspace", ""))
