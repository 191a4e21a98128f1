"""The proof by itself: what follows from facts about sums, found by an integer program and checked by counting."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stats.disclosure.audit import Count, Fact, Guarded, Program, Statement, Terms, Worlds, exposed, share_facts

A, B, C = (Count(unit, 2021, "rec_enlisted", "year") for unit in "abc")


def sum_of(*counts: Count) -> Terms:
    return tuple((count, 1) for count in counts)


def make_statement(*facts: Fact, shown: dict[Count, int] | None = None, largest: int = 50) -> Statement:
    return Statement(shown or {}, dict.fromkeys((A, B, C), largest), facts)


def guarded(count: Count, value: int | None, reach: int = 3) -> Guarded:
    return Guarded(sum_of(count), reach, value)


def dangers(statement: Statement, *quantities: Guarded, **options: bool) -> list[str]:
    return [found.danger for found in exposed(statement, quantities, **options)]


def test_the_one_hidden_count_of_a_known_total_is_exposed() -> None:
    statement = make_statement(Fact(sum_of(A, B, C), 20, 20), shown={B: 9, C: 9})
    assert dangers(statement, guarded(A, 2)) == ["small"]


def test_two_hidden_ones_are_exposed_since_their_sum_is_two() -> None:
    statement = make_statement(Fact(sum_of(A, B, C), 11, 11), shown={C: 9})
    assert dangers(statement, guarded(A, 1), guarded(B, 1)) == ["small", "small"]


def test_a_one_beside_a_larger_hidden_count_stays_open() -> None:
    statement = make_statement(Fact(sum_of(A, B, C), 20, 20), shown={C: 9})
    assert not dangers(statement, guarded(A, 1))


def test_two_totals_over_different_units_expose_the_unit_between() -> None:
    """78 recruits of all towns and 76 of those with a population: the town without one has 2."""
    statement = make_statement(Fact(sum_of(A, B, C), 78, 78), Fact(sum_of(B, C), 76, 76), largest=100)
    assert dangers(statement, guarded(A, 2)) == ["small"]


def test_a_share_printed_to_one_decimal_can_expose_its_numerator() -> None:
    """85.7 % of 7 is 6 of 7, so one of them is not a graduate."""
    facts = share_facts(sum_of(A), (), times=100, printed=Decimal("85.7"), where="", base=7)
    assert Program(make_statement(*facts)).values(sum_of(A)) == (6,)


def test_a_share_of_a_large_whole_leaves_several_numerators() -> None:
    facts = share_facts(sum_of(A), (), times=100, printed=Decimal("85.7"), where="", base=5000)
    assert Program(make_statement(*facts, largest=5000)).values(sum_of(A)) == (4283, 4284, 4285, 4286, 4287)


def test_a_quantity_whose_whole_is_one_needs_a_second_value_only() -> None:
    statement = make_statement(Fact(sum_of(A), 0, 1), Fact(sum_of(A, B), 1, 1))
    assert not dangers(statement, guarded(A, 1, reach=1))
    assert dangers(make_statement(Fact(sum_of(A), 1, 1)), guarded(A, 1, reach=1)) == ["pinned"]


def test_who_knows_the_rule_is_asked_for_a_second_value_only() -> None:
    statement = make_statement(Fact(sum_of(A), 1, 2), Fact(sum_of(A, B), 10, 10))
    assert not dangers(statement, guarded(A, 1), small=False)
    assert dangers(statement.also([Fact(sum_of(B), 9, 9)]), guarded(A, 1), small=False) == ["pinned"]


def test_without_the_truth_at_hand_a_pinned_count_is_found_too() -> None:
    assert dangers(make_statement(Fact(sum_of(A), 7, 7)), guarded(A, None)) == ["pinned"]


def test_a_world_found_for_one_statement_serves_the_next_only_if_it_agrees() -> None:
    worlds = Worlds({A: 1, B: 9, C: 9})
    total = Fact(sum_of(A, B, C), 19, 19)
    open_statement = make_statement(total, shown={C: 9})
    assert not exposed(open_statement, [guarded(A, 1)], worlds=worlds)
    closed_statement = Statement({B: 9, C: 9}, {A: 50}, (total,))
    assert exposed(closed_statement, [guarded(A, 1)], worlds=worlds)


SMALL = st.integers(0, 4)
FACTS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(-2, 3)), min_size=1, max_size=3), SMALL, SMALL
    ),
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(FACTS, st.sampled_from([A, B, C]))
def test_the_values_are_those_that_counting_all_worlds_gives(
    drawn: list[tuple[list[tuple[Count, int]], int, int]], asked: Count
) -> None:
    facts = [Fact(tuple(terms), min(low, high), max(low, high)) for terms, low, high in drawn]
    worlds = [dict(zip((A, B, C), values, strict=True)) for values in product(range(5), repeat=3)]
    assume(any(all(fact.holds(world) for fact in facts) for world in worlds))
    possible = {world[asked] for world in worlds if all(fact.holds(world) for fact in facts)}
    assert set(Program(make_statement(*facts, largest=4)).values(sum_of(asked))) == possible
