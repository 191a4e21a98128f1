"""All indicators, in printing order. Declares; computes nothing."""

from __future__ import annotations

from functools import cache

from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import (
    education,
    emergency,
    funds,
    grassroots,
    leadership,
    militia,
    recruitment,
    support,
)

_DOMAINS = (leadership, recruitment, militia, emergency, grassroots, education, support, funds)


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by code, domain by domain in the order a report prints them.

    >>> indicators()["SYS-02"].name
    '议军事项办结率'
    """
    return {entry.code: entry for domain in _DOMAINS for entry in domain.INDICATORS}


@cache
def of_domain(domain: str) -> tuple[Indicator, ...]:
    """The indicators of one domain, in printing order.

    >>> [entry.code for entry in of_domain("MIL")]
    ['MIL-01', 'MIL-02', 'MIL-03', 'MIL-04', 'MIL-05']
    """
    return tuple(entry for entry in indicators().values() if entry.domain == domain)
