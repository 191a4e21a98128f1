"""The roster against what came in: who owes a return and sent none, whose name is not printable. Reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stats.findings import Finding, Severity
from stats.params import Params
from stats.returns.finding_texts import found


def absent(params: Params, received: Mapping[int, frozenset[str]], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each unit and year in ``received`` that owes a return and has none.

    Refused returns have their own finding. A year reported on without a single return is refused as a whole.
    """
    nothing = () if received.get(params.year) else (found("R-NOTHING", {"year": params.year}, year=params.year),)
    refused = {(f.year, f.unit) for f in findings if f.severity is Severity.FATAL}
    return nothing + tuple(
        found("R-ABSENT", {"unit": unit.code, "unit_name": unit.name, "year": year}, year=year)
        for year in sorted(received)
        for unit in (*params.due(year), params.county_unit)
        if unit.code not in received[year] and (year, unit.code) not in refused
    )


def unprintable_names(params: Params) -> tuple[Finding, ...]:
    """One refusal for each unit due whose name in the roster no document can show."""
    return tuple(
        found("R-ROSTER-NAME", {"unit": unit.code, "unit_name": unit.name, "year": params.year}, what=fault)
        for unit in params.due(params.year)
        if (fault := params.name_faults.get(unit.code))
    )
