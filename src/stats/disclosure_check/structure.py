"""What holds in every return, whatever is printed: no part above its whole, seasons that add up to the year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import variables
from stats.disclosure.audit import Count, Fact
from stats.disclosure.counts import parts_and_wholes, usual_parts


def structure_facts(counts: Iterable[Count], usual: Collection[Count] = ()) -> Iterator[Fact]:
    """The facts that bind these counts to one another.

    Of the ``usual`` ones among them parts that seldom exceed their whole are taken not to.
    """
    there = set(counts)
    for count in sorted(there):
        for part, whole in (*parts_and_wholes(), *usual_parts()):
            above = count._replace(variable=whole)
            is_bound = (part, whole) in parts_and_wholes() or count in usual or above in usual
            if count.variable == part and above in there and is_bound:
                yield Fact(((above, 1), (count, -1)), low=0, where="填报核对规则")
        seasons = [period for period in periods_due(count.year) if period != "year"]
        parts = [count._replace(period=period) for period in seasons]
        if count.period == "year" and variables()[count.variable].seasonal and parts and there.issuperset(parts):
            yield Fact((*((each, 1) for each in parts), (count, -1)), 0, 0, "分季合计")
