"""Figures and answers as an edition shows them: hidden where an operand is hidden. Computes only places anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from stats.answers import Choices
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, variables
from stats.compare import Results, ranked_among
from stats.disclosure.counts import WHOLE_YEAR, Reported, protected_variables, reported
from stats.disclosure.editions import EDITIONS, EditionRules, is_small_cell
from stats.disclosure.issued import Record, recalled
from stats.disclosure.issued.record import digest
from stats.disclosure.protection import protect
from stats.disclosure.published import Published
from stats.disclosure.suppression import Choice, Hidden
from stats.figures import HIDDEN_ANSWER, Answer, Comparison, Figure, Rank, Target, Total
from stats.indicators.totals import total
from stats.measures import CODES, Quantity
from stats.params import Edition
from stats.returns import Cell

_HIDDEN_COMPARISON = Comparison(Status.HIDDEN, Status.HIDDEN)


@dataclass(frozen=True)
class Released:
    """What one edition may show, one figure or answer at a time; what it does not hold at all is None."""

    results: Results
    edition: Edition
    rules: EditionRules
    reported: Reported
    hidden: Mapping[int, Hidden]
    corrected: frozenset[tuple[str, int, str, str]] = frozenset()

    @property
    def _county(self) -> str:
        return self.results.params.county.code

    def figure(self, unit: str, year: int, code: str) -> Figure | None:
        """A town's figure or, by the county's code, the whole county's."""
        figure = self._marked(self._before_ranking(unit, year, code))
        if figure is None or self.edition == "full" or figure.rank.place is None:
            return figure
        return replace(figure, rank=self._places[year, code].get(unit, Rank(reason="hidden")))

    def printed(self, year: int, code: str) -> dict[str, Decimal]:
        """The exact figures of an indicator that this edition shows of towns, as they are printed, by unit."""
        indicator = indicators()[code]
        if not self.rules.shows_indicator(indicator, of_county=False):
            return {}
        figures = self.results.printed(year, code)
        return {unit: value for unit, value in figures.items() if not self._hides(unit, year, indicator)}

    def own(self, year: int, code: str) -> Figure | None:
        """The figure of the county's own row."""
        indicator = indicators()[code]
        shows = self.rules.shows_indicator(indicator, of_county=True)
        return self._marked(self.results.own(year, code), is_own=True) if shows else None

    def _marked(self, figure: Figure | None, *, is_own: bool = False) -> Figure | None:
        """The figure, marked where it is one unit's and rests on a corrected answer (a growth on last year's too)."""
        if figure is None or not figure.status.has_value or (figure.unit == self._county and not is_own):
            return figure
        indicator = indicators()[figure.indicator]
        years = (figure.year, figure.year - 1) if indicator.kind == "growth" else (figure.year,)
        places = {(figure.unit, year, name, WHOLE_YEAR) for year in years for name in indicator.variables}
        return figure if self.corrected.isdisjoint(places) else replace(figure, corrected=True)

    def total(self, year: int, variable: Variable) -> Total | None:
        """The county's sum of a question whose answers are no protected counts; None where the edition holds it not."""
        has_sum = variable.kind in ("int", "decimal", "bool") and variable.domain != ""
        if not has_sum or is_small_cell(variable) or not self.rules.shows_answer(variable):
            return None
        return total(self.results.answers, year, variable)

    def answer(self, unit: str, year: int, name: str) -> Answer | None:
        """A unit's whole-year answer."""
        variable = variables()[name]
        if not self.rules.shows_answer(variable) or not variable.asked_of(county=unit == self._county):
            return None
        if (unit, name) in self.hidden[year].counts:
            return HIDDEN_ANSWER
        given = (self.results.answers.numbers if variable.is_number else self.results.answers.choices)[name]
        return self._as_printed(unit, year, variable, given)

    def season(self, unit: str, year: int, name: str, period: str) -> Answer | None:
        """A unit's answer for one season."""
        variable, given = variables()[name], self.results.answers.seasons.get((name, period))
        if given is None or not self.rules.shows_answer(variable) or not variable.asked_of(county=unit == self._county):
            return None
        answer = self._as_printed(unit, year, variable, given, period)
        if (unit, name) in self.hidden[year].seasons and answer.status.has_value:
            return HIDDEN_ANSWER
        return None if answer.status is Status.NOT_REPORTED else answer

    def _as_printed(
        self, unit: str, year: int, variable: Variable, given: Quantity | Choices, period: str = WHOLE_YEAR
    ) -> Answer:
        place = self.results.answers.place(unit, year)
        status, text = CODES[given.status[place]], ""
        if status.has_value and isinstance(given, Choices):
            text = variable.choices[given.chosen[place]]
        elif status.has_value and isinstance(given, Quantity):
            text = _plain(int(given.value[place]), given.places)
        return Answer(status, text, (unit, year, variable.name, period) in self.corrected)

    def _before_ranking(self, unit: str, year: int, code: str) -> Figure | None:
        indicator, of_county = indicators()[code], unit == self._county
        if not self.rules.shows_indicator(indicator, of_county=of_county):
            return None
        figure = self.results.figure(unit, year, code)
        if figure is None or not _small_cells(indicator.code):
            return figure
        if of_county and self._leaves_states_untold(year, indicator):
            # how many units are at target would tell of those whose state is not told
            figure = replace(figure, met=0, decided=0)
        if not of_county and self._hides(self._county, year, indicator):
            # a county figure that is hidden gives no reference to compare with
            figure = replace(figure, county=replace(_HIDDEN_COMPARISON, due=figure.county.due))
        if self._hides(unit, year, indicator):
            return _hidden_figure(figure, is_told=(unit, code) in self.hidden[year].states_told)
        if self._hides_last_year(unit, year, indicator):
            figure = replace(figure, last_year=_HIDDEN_COMPARISON)
        elif of_county and indicator.code in self.hidden[year].changes:
            # last year's figure has gone out; what is not told is the change over the units of both years
            reference = figure.last_year
            hidden = replace(_HIDDEN_COMPARISON, reference_status=reference.reference_status)
            figure = replace(figure, last_year=replace(hidden, reference=reference.reference))
        return figure

    def _hides(self, unit: str, year: int, indicator: Indicator) -> bool:
        """Whether the county's figure is hidden, or an operand of a town's, for a growth the year before too."""
        if unit == self._county:
            return year in self.hidden and indicator.code in self.hidden[year].figures
        years = (year, year - 1) if indicator.kind == "growth" else (year,)
        pairs = {(unit, name) for name in _small_cells(indicator.code)}
        return any(not pairs.isdisjoint(self.hidden[y].counts) for y in years if y in self.hidden)

    def _leaves_states_untold(self, year: int, indicator: Indicator) -> bool:
        told = self.hidden[year].states_told
        units = [unit.code for unit in self.results.params.units]
        return any(self._hides(unit, year, indicator) and (unit, indicator.code) not in told for unit in units)

    def _hides_last_year(self, unit: str, year: int, indicator: Indicator) -> bool:
        return year - 1 in self.hidden and self._hides(unit, year - 1, indicator)

    @cached_property
    def _places(self) -> dict[tuple[int, str], dict[str, Rank]]:
        """Places among the figures shown, since a gap in the places would tell where a hidden one lies."""
        return {
            (year, code): self._ranked_anew(year, indicator)
            for year in self.results.answers.years
            for code, indicator in indicators().items()
            if indicator.ranked
        }

    def _ranked_anew(self, year: int, indicator: Indicator) -> dict[str, Rank]:
        if not self.rules.shows_indicator(indicator, of_county=False):
            return {}
        ranks: dict[str, Rank] = {}
        for group, ranked in self.results.ranked(year, indicator.code).items():
            shown = {unit: value for unit, value in ranked.items() if not self._hides(unit, year, indicator)}
            ranks |= ranked_among(shown, indicator.direction, group)
        return ranks


@cache
def _small_cells(code: str) -> tuple[str, ...]:
    """The answers an indicator is made from whose small numbers are protected."""
    protected = set(protected_variables())
    return tuple(name for name in indicators()[code].variables if name in protected)


def release(
    results: Results,
    cells: Sequence[Cell],
    edition: Edition,
    *,
    key: Callable[[], bytes],
    issued: Sequence[Record] = (),
) -> Released:
    """The one door: the figures and answers of an edition.

    Full shows all. Meeting hides small counts, every figure made from a hidden one and what else would tell of them
    (``key`` decides among counts to hide them with, ``issued`` is on record as gone out before); public holds no
    question with small counts. Places among what is shown are counted anew. Hidden numbers are not in the returned
    figures.
    """
    rules = EDITIONS[edition]
    counts = reported(results)
    published = Published(results, counts, lambda of: recalled(issued, of, key))
    hidden = protect(published, rules.threshold if shows_protected_counts(rules) else 0, Choice(key))
    made = [cell for cell in cells if cell.correction]
    corrected = frozenset((c.unit, c.year, c.variable, period) for c in made for period in (c.period, WHOLE_YEAR))
    return Released(results, edition, rules, counts, hidden, corrected)


def shows_protected_counts(rules: EditionRules) -> bool:
    """Whether an edition holds any question whose small counts are protected."""
    return any(rules.shows_answer(variables()[name]) for name in protected_variables())


def _hidden_figure(figure: Figure, *, is_told: bool) -> Figure:
    """The same place without a number, nor anything that would lead to one; its state where that may be told."""
    kept: dict[str, Any] = {"units": figure.units, "due": figure.due}
    target = figure.target
    if target.state != "none":
        state = target.state if is_told else "hidden"
        target = Target(state, target.operator, target.value, basis=target.basis)
    county = replace(figure.county, status=Status.HIDDEN, difference=None, exact=None, percent=None, trend="none")
    return Figure(
        figure.year,
        figure.unit,
        figure.indicator,
        Status.HIDDEN,
        last_year=_HIDDEN_COMPARISON,
        county=county,
        target=target,
        rank=Rank(reason="hidden"),
        **kept,
    )


def _plain(number: int, places: int) -> str:
    if not places:
        return str(number)
    digits = str(number).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def recorded(released: Released, number: int, key: bytes) -> Record:
    """The record of this edition as the ``number``-th issue of its year.

    It has a head only where the edition holds no question whose small counts are protected.
    """
    params = released.results.params
    rules = released.rules
    if not shows_protected_counts(rules):
        return Record(params.county.code, params.year, released.edition, number, rules.threshold)
    counts, hidden = released.reported, released.hidden
    published = Published(released.results, counts)
    statement = published.statement(hidden)
    return Record(
        county=params.county.code,
        year=params.year,
        edition=released.edition,
        number=number,
        threshold=rules.threshold,
        shown=statement.shown,
        hidden=frozenset(statement.largest),
        digests={count: digest(count, value, key) for count, value in counts.values.items()},
        facts=tuple(fact for year in hidden for fact in published.printed_facts(year, hidden)),
        withheld={
            year: Hidden(figures=each.figures, changes=each.changes, states_told=each.states_told)
            for year, each in hidden.items()
        },
    )
