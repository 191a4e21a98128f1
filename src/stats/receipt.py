"""What became of a unit's return of a year: the one rule and the one set of words for it. Reads no return."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from stats.findings import Finding, Severity

REFUSING = (Severity.FATAL, Severity.ERROR)


class Receipt(StrEnum):
    """What became of a return.

    IN_ERROR was received and has errors or a refused part: what is wrong in it is not used, the rest is. REFUSED was
    sent and nothing of it can be used, which is not the same as NOT_REPORTED.
    """

    REPORTED = "reported"
    IN_ERROR = "in_error"
    REFUSED = "refused"
    NOT_REPORTED = "not_reported"

    @property
    def label(self) -> str:
        """The words of every screen, document and list.

        >>> [each.label for each in Receipt]
        ['已上报', '有错误待核对', '数据拒收', '未上报']
        """
        return _LABELS[self]

    @property
    def is_withheld(self) -> bool:
        """Whether a page that says 待核对 stands in the place of the unit's document."""
        return self in (Receipt.IN_ERROR, Receipt.REFUSED)


_LABELS = {
    Receipt.REPORTED: "已上报",
    Receipt.IN_ERROR: "有错误待核对",
    Receipt.REFUSED: "数据拒收",
    Receipt.NOT_REPORTED: "未上报",
}


def receipt(findings: Iterable[Finding], *, received: bool) -> Receipt:
    """What became of a return by the findings about it, and by whether any of it can be used (``received``).

    >>> receipt([], received=False)
    <Receipt.NOT_REPORTED: 'not_reported'>
    """
    refused = any(finding.severity in REFUSING for finding in findings)
    if received:
        return Receipt.IN_ERROR if refused else Receipt.REPORTED
    return Receipt.REFUSED if refused else Receipt.NOT_REPORTED
