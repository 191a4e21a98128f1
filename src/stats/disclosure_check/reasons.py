"""Which of all that is said gives a quantity away: a few facts, none of which can be spared. Looks for no leak."""

from __future__ import annotations

from collections.abc import Sequence

from stats.disclosure.audit import Exposed, Fact, Program, Statement


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
