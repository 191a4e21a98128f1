"""Which quantities readers must not learn, by what the documents hide. Proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stats.catalogue.variables import variables
from stats.disclosure.audit import Count, Guarded, Program, Statement
from stats.disclosure.counts import parts_and_wholes, protected_variables


def guarded(program: Program, hidden: Iterable[Count], threshold: int, world: Mapping[Count, int]) -> Iterator[Guarded]:
    """Every hidden protected count, as far as what is openly told leaves it room, with a value it may have."""
    statement = program.statement
    for count in sorted(hidden):
        reach = min(threshold, _room(program, count, threshold))
        if count.variable in protected_variables() and count in statement.largest and reach > 0:
            yield Guarded(((count, 1),), reach, world[count], named(count))


def rests(statement: Statement, threshold: int, world: Mapping[Count, int]) -> Iterator[Guarded]:
    """What a part leaves of its whole, where not both are shown: small if it is neither nothing nor enough."""
    for count in sorted({*statement.largest, *statement.shown}):
        for part, whole in parts_and_wholes():
            above = count._replace(variable=whole)
            is_open = count in statement.largest or above in statement.largest
            if count.variable == part and is_open and above in world:
                name = f"{named(above)}与“{variables()[part].full_name}”之差"
                yield Guarded(((above, 1), (count, -1)), threshold, world[above] - world[count], name)


def sums(statement: Statement, threshold: int, world: Mapping[Count, int]) -> Iterator[Guarded]:
    """Sums of protected counts over several units, as far as documents speak of them."""
    done = set()
    for fact in statement.facts:
        alike = {(count.year, count.variable, count.period, times) for count, times in fact.terms}
        if len(fact.terms) == 1 or len(alike) > 1 or fact.terms in done:
            continue
        done.add(fact.terms)
        (year, question, _, times), counts = alike.pop(), [count for count, _ in fact.terms]
        if question in protected_variables() and times == 1:
            name = f"{year}年 {len(counts)} 个单位的“{variables()[question].full_name}”之和"
            yield Guarded(fact.terms, threshold, sum(world[count] for count in counts), name)


def _room(program: Program, count: Count, threshold: int) -> int:
    """The most that open wholes leave a count: posts are facts about offices, shown or told by their sum.

    A protected whole leaves it none only where it is 0 for all to see.
    """
    limit = variables()[count.variable].maximum
    rooms = [threshold if limit is None else int(limit)]
    statement = program.statement
    for above in (count._replace(variable=whole) for part, whole in parts_and_wholes() if part == count.variable):
        if above.variable not in protected_variables() and (above in statement.shown or above in statement.largest):
            rooms.append(program.extreme(((above, 1),), most=True) or 0)
        elif statement.shown.get(above) == 0 or (above in statement.largest and not _room(program, above, threshold)):
            rooms.append(0)
    return min(rooms)


def named(count: Count) -> str:
    """A count as messages name it."""
    season = {"spring": "春季", "autumn": "秋季"}.get(count.period, "")
    then = f"（{count.issue}）" if count.issue else ""
    return f"{count.unit} {count.year}年{season}“{variables()[count.variable].full_name}”{then}"
