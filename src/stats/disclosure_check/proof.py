"""Whether what is hidden stays open to readers of all files together, proved by the audit without knowing the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stats.catalogue.seasons import SEASON_NAMES
from stats.catalogue.variables import variables
from stats.disclosure.audit import Count, Exposed, Fact, Guarded, Program, Statement, Worlds, exposed
from stats.disclosure.counts import parts_and_wholes, protected_variables, small
from stats.disclosure_check.facts import Said
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut
from stats.disclosure_check.knowledge import Together, one_world
from stats.disclosure_check.presence import Presence

MOST_REASONS = 6


def proved(known: Together, threshold: int) -> Iterator[Leak]:
    """Every hidden count, rest of a whole or sum that follows from what is said."""
    statement = known.statement(usual=True)
    world = one_world(statement)
    if world is None:
        statement = known.statement()
        world = one_world(statement)
    if world is None:
        yield Leak("units", "", "", "各文件印出的数互相矛盾，不能核对；请先用 stats verify 核对文件是否被改动")
        return
    worlds = Worlds(world)
    program = Program(statement)
    yield from _shown_small(known, threshold)
    hidden = guarded(program, known.hidden_counts, threshold, world)
    for found in exposed(statement, hidden, worlds=worlds):
        if found.danger == "small" or (found.guarded.value or 0) < threshold:
            yield _leak(found, statement, known)
    others = [*rests(statement, threshold, world), *sums(statement, threshold, world)]
    for found in exposed(statement, others, worlds=worlds):
        least = program.extreme(found.guarded.terms, most=False)
        most = program.extreme(found.guarded.terms, most=True)
        if least is not None and most is not None and least >= 1 and most < threshold:
            yield _leak(found, statement, known)


def _shown_small(known: Together, threshold: int) -> Iterator[Leak]:
    """Protected counts that are small and stand there."""
    for count, value in sorted(known.shown.items()):
        if count.variable in protected_variables() and small(value, threshold):
            file, _, place = known.places.get(count, "").partition(" ")
            yield Leak("small", file, place, f"{named(count)}为 {value}，是应当隐去的小数，却印了出来")


def _leak(found: Exposed, statement: Statement, known: Together) -> Leak:
    terms = found.guarded.terms
    values = Program(statement).values(terms, 3)
    said = f"只能是 {' 或 '.join(map(str, values))}" if values else "不能同各处印出的数同时成立"
    first = next((known.hidden[count] for count, _ in terms if count in known.hidden), "")
    file, _, place = first.partition(" ")
    reasons = list(dict.fromkeys(fact.where for fact in needed(found, statement) if fact.where))
    more = f"等 {len(reasons)} 处" if len(reasons) > MOST_REASONS else ""
    follows = f"{found.guarded.name}{said}；由以下各处合看推出：{'；'.join(reasons[:MOST_REASONS])}{more}"
    return Leak(found.danger, file, place, follows)


def needed(found: Exposed, statement: Statement) -> list[Fact]:
    """Facts that expose the quantity by themselves, without any that is not needed; those on few counts are kept last.

    Method: facts are left out in halves, quarters and so on down to single ones, as long as the rest still exposes it
    (Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, 2002).
    """
    program = Program(statement)
    group = program.group(found.guarded.terms)
    facts = [fact for fact in statement.facts if not group.isdisjoint(program.group(fact.terms))]
    facts.sort(key=lambda fact: len(fact.terms))
    size = len(facts) // 2
    while size:
        begin = 0
        while begin < len(facts):
            fewer = facts[:begin] + facts[begin + size :]
            if _exposes(fewer, found, statement):
                facts = fewer
            else:
                begin += size
        size //= 2
    return facts


def _exposes(facts: Sequence[Fact], found: Exposed, statement: Statement) -> bool:
    program, quantity = Program(Statement(statement.shown, statement.largest, tuple(facts))), found.guarded
    if found.danger == "small":
        return program.world(Fact(quantity.terms, low=quantity.reach)) is None
    value = quantity.value or 0
    others = (Fact(quantity.terms, low=value + 1), Fact(quantity.terms, high=value - 1))
    return all(program.world(fact) is None for fact in others)


FEWEST = 5
"""Of so many towns at least the count is other than 0, and of at most two thirds it is 0."""


def sparse_columns(handed_out: HandedOut, said: Said, presence: Presence) -> Iterator[Leak]:
    """Columns that are sparse, whatever the hidden counts are, of which a count stands in a document.

    A town of which the set shows no count may have one other than 0, unless it has none at all.
    """
    columns: defaultdict[tuple[int, str, str], dict[str, int | None]] = defaultdict(dict)
    for count in said.hidden:
        columns[count.year, count.variable, count.period].setdefault(count.unit, None)
    for count, value in said.shown.items():
        columns[count.year, count.variable, count.period][count.unit] = value
    for (year, name, period), column in sorted(columns.items()):
        shown = {unit: value for unit, value in column.items() if value is not None}
        towns = (code for code in handed_out.units if code != handed_out.county and code not in column)
        column |= {unit: None for unit in towns if presence.of(unit, year, name) in ("unknown", "given")}
        if name in protected_variables() and shown and _is_sparse(column):
            unit = min(shown)
            where = said.places.get(Count(unit, year, name, period), "")
            file, _, place = where.partition(" ")
            named = "、".join(handed_out.units.get(each, each) for each in sorted(shown)[:3])
            yield Leak(
                "sparse", file, place, f"{year}年这一项多数单位为 0 或不为 0 的不足 {FEWEST} 个，却印出了{named}的数"
            )


def _is_sparse(column: dict[str, int | None]) -> bool:
    zeros = sum(value == 0 for value in column.values())
    return len(column) - zeros < FEWEST or zeros * 3 > len(column) * 2


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
    season = SEASON_NAMES.get(count.period, "")
    then = f"（{count.issue}）" if count.issue else ""
    return f"{count.unit} {count.year}年{season}“{variables()[count.variable].full_name}”{then}"
