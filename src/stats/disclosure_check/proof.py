"""Whether what is hidden stays open to readers of all files together, proved by the audit without knowing the truth."""

from __future__ import annotations

from collections.abc import Iterator

from stats.disclosure.audit import Exposed, Program, Statement, Worlds, exposed
from stats.disclosure.counts import protected_variables, small
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.guarding import guarded, named, rests, sums
from stats.disclosure_check.knowledge import Together, one_world
from stats.disclosure_check.reasons import needed

MOST_REASONS = 6


def proved(known: Together, threshold: int) -> Iterator[Leak]:
    """Every hidden count, rest of a whole or sum that follows from what is said."""
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
