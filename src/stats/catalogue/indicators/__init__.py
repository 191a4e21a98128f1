"""All indicators, in printing order. Declares; computes nothing."""

from __future__ import annotations

import difflib
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


def nearest(text: str) -> str:
    """The code that was probably meant by a text that is none; empty where nothing is near.

    >>> nearest("rec05"), nearest("REC-55"), nearest("议军事项办结率"), nearest("?")
    ('REC-05', 'REC-05', 'SYS-02', '')
    """
    names = {entry.name: entry.code for entry in indicators().values()}
    if text in names:
        return names[text]
    letters, digits = ("".join(filter(kind, text[:40].upper())) for kind in (str.isalpha, str.isdecimal))
    spelled = f"{letters}-{digits.zfill(2)}"
    if spelled in indicators():
        return spelled
    same_domain = [code for code in indicators() if code.startswith(f"{letters}-")]
    near = difflib.get_close_matches(spelled, same_domain or indicators(), n=1)
    return near[0] if near else ""


@cache
def of_domain(domain: str) -> tuple[Indicator, ...]:
    """The indicators of one domain, in printing order.

    >>> [entry.code for entry in of_domain("MIL")]
    ['MIL-01', 'MIL-02', 'MIL-03', 'MIL-04', 'MIL-05']
    """
    return tuple(entry for entry in indicators().values() if entry.domain == domain)
