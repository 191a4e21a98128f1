"""What the sentences are about: one unit or the whole county as its edition tells it. Words nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Answer, Figure
from stats.params import Unit
from stats.receipt import Receipt

if TYPE_CHECKING:
    from stats.report import CountyReport, Report


def is_county(report: Report) -> bool:
    """Whether the report is the county's own."""
    return report.unit.type == "县级本级"


def is_first_return(report: Report) -> bool:
    """Whether the unit reported nothing in any earlier year that is known."""
    earlier = (figure for years in report.history.values() for year, figure in years.items() if year < report.year)
    return all(figure.status is Status.NOT_REPORTED for figure in earlier)


@dataclass(frozen=True)
class Subject:
    """A report as sentences ask it: one figure or answer at a time, None where the edition does not hold it.

    ``is_brief``: comparisons and places stand in the table beside the sentences, and are not told once more.
    """

    report: Report
    is_brief: bool = False

    @property
    def name(self) -> str:
        """The name of the unit or of the county."""
        return self.report.unit.name

    @property
    def is_county(self) -> bool:
        """Whether it is the whole county."""
        return is_county(self.report)

    @property
    def is_first_return(self) -> bool:
        """Whether it never reported before."""
        return is_first_return(self.report)

    def figure(self, code: str) -> Figure | None:
        """This year's figure."""
        return self.report.figures.get(code)

    def last(self, code: str) -> Figure | None:
        """Last year's figure."""
        return self.report.history.get(code, {}).get(self.report.year - 1)

    def answer(self, name: str) -> Answer | None:
        """A whole-year answer of the unit; of the county, of its own row."""
        return self.report.answers.get(name)

    def text(self, name: str) -> str:
        """The bare answer; empty where there is none."""
        given = self.answer(name)
        return given.text if given is not None and given.status.has_value else ""

    def is_zero(self, name: str) -> bool:
        """Whether the answer is exactly nothing."""
        given = self.answer(name)
        return given is not None and given.status is Status.OK and given.text == "0"

    def pairs(self) -> Iterator[tuple[Indicator, Figure]]:
        """Every indicator the edition holds with its figure, in printing order."""
        for code, entry in indicators().items():
            if code in self.report.figures:
                yield entry, self.report.figures[code]

    @property
    def reported(self) -> tuple[Unit, ...]:
        """The county's units that sent a return, in code order; none for a town."""
        county = self._county
        if county is None:
            return ()
        return county.units_with(Receipt.REPORTED, Receipt.IN_ERROR)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The county's units that are due, in code order; none for a town."""
        return () if self._county is None else self._county.units

    @property
    def last_receipts(self) -> Mapping[str, Receipt]:
        """What became of last year's returns by unit code: of the county's units and of its own, or of the town's."""
        own = {self.report.unit.code: self.report.last_receipt}
        return own if self._county is None else {**own, **self._county.last_receipts}

    def of_unit(self, unit: Unit, code: str) -> Figure | None:
        """A town's figure in the county's report."""
        return None if self._county is None else self._county.towns.get(unit.code, {}).get(code)

    @property
    def own(self) -> Mapping[str, Figure]:
        """The figures of the county's own row."""
        return {} if self._county is None else self._county.own

    @property
    def _county(self) -> CountyReport | None:
        return self.report if self.is_county else None  # type: ignore[return-value]
