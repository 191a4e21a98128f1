"""What was found in the returns, unit by unit: the answer of ``stats check``. Reads nothing, refuses nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from stats.build.state.plan import Document, about_returns, data_exit_code, refusals
from stats.errors import ExitCode
from stats.examining import Examined
from stats.findings import Finding, Severity
from stats.params import Params, Unit
from stats.receipt import Receipt
from stats.returns.finding_texts import UNFIT


@dataclass(frozen=True, slots=True)
class UnitCheck:
    """One unit's return of the report year: there, not there or refused, and how many findings of each severity."""

    unit: Unit
    state: str
    receipt: Receipt
    counts: dict[Severity, int]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of checking all returns; ``findings`` are those of the units asked for (all: none named).

    ``refusals`` are those that stop something.
    """

    units: tuple[UnitCheck, ...]
    findings: tuple[Finding, ...]
    refusals: tuple[Finding, ...]
    exit_code: ExitCode


def check(params: Params, examined: Examined, *, units: Collection[str] = ()) -> Check:
    """Sum up the findings; with ``units`` only theirs, else also those that belong to no unit due.

    The exit code is the one a build of the same units would end with as far as the data decide it.
    """
    received = examined.received.get(params.year, frozenset())
    documents = [
        document
        for document in about_returns(params, findings=examined.findings, received=received)
        if not units or document.unit.code in units
    ]
    return Check(
        units=tuple(_of_document(examined, d, params.year) for d in documents),
        findings=tuple(f for f in examined.findings if not units or f.unit in units or f.rule == UNFIT),
        refusals=(stopping := refusals(examined.findings, params.year, units)),
        exit_code=data_exit_code(stopping),
    )


def _of_document(examined: Examined, document: Document, year: int) -> UnitCheck:
    code = document.unit.code
    return UnitCheck(document.unit, document.state, examined.receipt(code, year), _counts(examined, code, year))


def _counts(examined: Examined, unit: str, year: int) -> dict[Severity, int]:
    found = Counter(finding.severity for finding in examined.of_unit(unit, year))
    return {severity: found[severity] for severity in Severity}


def to_json(params: Params, result: Check, *, written: str) -> dict[str, Any]:
    """The result for machines; ``written`` is the path of the findings file in the workspace."""
    return {
        "year": params.year,
        "exit_code": result.exit_code,
        "findings_file": written,
        "units": [
            {
                "code": unit.unit.code,
                "name": unit.unit.name,
                "state": unit.state,
                "receipt": unit.receipt.value,
                **{severity.value: unit.counts[severity] for severity in Severity},
            }
            for unit in result.units
        ],
        "findings": [asdict(finding) for finding in result.findings],
    }
