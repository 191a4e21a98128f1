"""What holds in every return, whatever is printed: no part above its whole, seasons that add up to the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import variables
from stats.disclosure.audit import Count, Fact
from stats.disclosure.counts import parts_and_wholes, usual_parts


def structure_facts(counts: Iterable[Count], *, usual: bool) -> Iterator[Fact]:
    """The facts that bind these counts to one another; ``usual`` ones, too, that readers count on."""
    there, pairs = set(counts), (*parts_and_wholes(), *(usual_parts() if usual else ()))
    for count in sorted(there):
        for part, whole in pairs:
            above = count._replace(variable=whole)
            if count.variable == part and above in there:
                yield Fact(((above, 1), (count, -1)), low=0, where="填报核对规则")
        seasons = [period for period in periods_due(count.year) if period != "year"]
        parts = [count._replace(period=period) for period in seasons]
        if count.period == "year" and variables()[count.variable].seasonal and parts and there.issuperset(parts):
            yield Fact((*((each, 1) for each in parts), (count, -1)), 0, 0, "分季合计")
