"""The frame of a domain's text: clauses in order, what is hidden, what none may pass over. Words no indicator."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stats.catalogue.indicators import indicators, of_domain
from stats.catalogue.status import Status
from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences import change, references
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import FULL, is_full, last_state, target, told_state
from stats.present.sentences.units import at_target, counts, coverage, matched, unit_states
from stats.present.sentences.values import absent, plain_name, quoted, reason, value

_MATCHED = re.compile("（按两年均有数据的[0-9]+个单位(和县级本级)?计算）")

Words = Callable[[Subject, Figure], str]
Part = tuple[str, Words]


@dataclass(frozen=True)
class Outline:
    """What a domain says: sentences of parts, each an indicator with the words on it.

    ``all_done`` holds for an indicator how to say in words that all is done and that not all is, where the number is
    hidden.
    """

    sentences: tuple[tuple[Part, ...], ...]
    all_done: Mapping[str, tuple[str, str]]


def text(
    of: Subject, outline: Outline, domain: str, *, wanted: Callable[[Figure], bool] | None = None
) -> tuple[str, ...]:
    """The sentences of a domain, the first beginning with the unit's name; empty where nothing may be said.

    With ``wanted`` only the figures it chooses are told, and the unit's name is left to the heading.
    """
    said = [_sentence(of, outline, parts, wanted or _every) for parts in outline.sentences]
    said += [_others(of, outline, domain), _hidden(of, outline, domain)]
    found = _once([sentence for sentence in said if sentence])
    if wanted is not None:
        return tuple(found)
    return (of.name + found[0], *found[1:]) if found else ()


def _once(said: list[str]) -> list[str]:
    """The units a change is taken over are said once: 下同 stands for the same ones afterwards."""
    first = next((found[0] for sentence in said if (found := _MATCHED.search(sentence))), "")
    if not first:
        return said
    text = "\n".join(said)
    before, _, after = text.partition(first)
    follows = first in after
    return (before + (f"{first[:-1]}，下同）" if follows else first) + after.replace(first, "")).split("\n")


def _every(figure: Figure) -> bool:
    return True


def _sentence(of: Subject, outline: Outline, parts: tuple[Part, ...], wanted: Callable[[Figure], bool]) -> str:
    told = [(code, words) for code, words in parts if (figure := of.figure(code)) is not None and wanted(figure)]
    return closed("；".join(clause for code, words in told if (clause := _clause(of, outline, code, words))))


def closed(clauses: str) -> str:
    """A sentence of its clauses; empty where there is none."""
    return f"{clauses}。" if clauses else ""


def clause(of: Subject, outline: Outline, code: str) -> str:
    """What is said of one indicator, with its own words where the outline has some; empty where nothing may be."""
    own = (words for parts in outline.sentences for each, words in parts if each == code)
    return _clause(of, outline, code, next(own, standard))


def _clause(of: Subject, outline: Outline, code: str, words: Words) -> str:
    figure = of.figure(code)
    if figure is None:
        return ""
    return _without_number(of, outline, figure) if figure.status is Status.HIDDEN else words(of, figure)


def _without_number(of: Subject, outline: Outline, figure: Figure) -> str:
    """What a hidden figure leaves to say: its state in words and, of a county, how its units stand."""
    code = figure.indicator
    stated, units = told_state(of, figure, outline.all_done.get(code)), _units(of, code)
    return joined(stated or (quoted(indicators()[code]) if units else ""), units)


def joined(*clauses: str) -> str:
    """Clauses in one, without the empty ones."""
    return "，".join(clause for clause in clauses if clause)


def _units(of: Subject, code: str) -> str:
    return at_target(of, code) if of.is_county else ""


def _others(of: Subject, outline: Outline, domain: str) -> str:
    """Indicators without words of their own: nobody passes over a missed target."""
    worded = {code for parts in outline.sentences for code, _ in parts}
    rest = (figure for entry in of_domain(domain) if (figure := of.figure(entry.code)) and entry.code not in worded)
    return closed("；".join(_missed(of, outline, figure) for figure in rest if standing(figure) == "unmet"))


def _missed(of: Subject, outline: Outline, figure: Figure) -> str:
    if figure.status is Status.HIDDEN:
        return _without_number(of, outline, figure)
    return standard(of, figure, quoted(indicators()[figure.indicator]))


def _hidden(of: Subject, outline: Outline, domain: str) -> str:
    """Once a domain: which figures a reader looks for and does not find."""
    worded = {code for parts in outline.sentences for code, _ in parts}
    shown = [(entry, figure) for entry in of_domain(domain) if (figure := of.figure(entry.code))]
    untold = [
        quoted(entry)
        for entry, figure in shown
        if figure.status is Status.HIDDEN and (entry.code in worded or standing(figure) in ("met", "unmet", "hidden"))
    ]
    return closed(f"{'、'.join(untold)}因数值过小不公布" if untold else "")


def standard(
    of: Subject,
    figure: Figure,
    lead: str = "",
    *,
    county: bool = False,
    city: bool = False,
    place: bool = False,
    nothing_due: str = "",
) -> str:
    """The usual clause: the value, the target, last year, the county, the city, the place; or why there is no value.

    ``lead`` (else the indicator's name) stands before the number, ``nothing_due`` is said where the base is nothing.
    """
    name = plain_name(indicators()[figure.indicator])
    if not figure.status.has_value:
        return absent(figure, name, nothing_due=nothing_due)
    return joined(
        _whose(figure) + (lead or name) + value(of, figure) + (coverage(of, figure) if of.is_county else ""),
        target(of, figure),
        "" if of.is_brief else compared(of, figure),
        references.county(figure) if county and not of.is_brief else "",
        references.city(figure) if city and not of.is_brief else "",
        references.place(figure) if place and not of.is_brief else "",
        _units(of, figure.indicator),
    )


def compared(of: Subject, figure: Figure) -> str:
    """The clause on last year, with the units it is taken over; a missed target has said why there is no last year."""
    if standing(figure) == "unmet" and not figure.last_year.status.has_value:
        return ""
    moved = change.last_year(figure, first_return=of.is_first_return)
    return moved + matched(of, figure) if moved else ""


def _whose(figure: Figure) -> str:
    """A sum over fewer units than are due is never told as the county's."""
    is_sum = indicators()[figure.indicator].aggregation in ("sum", "sum_and_median")
    return "已上报单位" if is_sum and figure.units < figure.due else ""


def degree(of: Subject, figure: Figure, did: str, failed: str, question: str) -> str:
    """A unit's yes-or-no or compliance indicator: all done, not all done, or ``question`` and why it is not known.

    Where the target asks for less or more than all, what it asks is said beside.
    """
    if not figure.status.has_value:
        return f"{question}{reason(figure.status)}"
    words = did if is_full(figure) else failed if _is_short(figure) else f"{question}因填报为概数不能判定"
    stated = {did: "met", failed: "unmet"}.get(words, "unknown")
    if standing(figure) in ("met", "unmet") and standing(figure) != stated:
        return joined(words, target(of, figure))
    return joined(words, last_state(of, figure) if standing(figure) == "unmet" else "")


def _is_short(figure: Figure) -> bool:
    return figure.status is Status.OK or (figure.high is not None and figure.high < FULL)


def share_of_units(of: Subject, figure: Figure, what: str, did: str, failed: str) -> str:
    """A county's yes-or-no or compliance indicator: how many units did and which did not, never a percentage of so few.

    Where the year's target asks a unit for less than all, the units are counted against the target. Where an edition
    holds no town's figure, the county's own count is told.
    """
    if not _asks_all(of, figure.indicator):
        what, did, failed = quoted(indicators()[figure.indicator]), "达标", "未达标"
    states = unit_states(of, figure.indicator)
    said = counts(states, did, failed) if states.total else _bare_count(figure, did)
    if not said or standing(figure) != "unmet":
        return joined(what, said) if said else ""
    return joined(what, said, f"全县{last_state(of, figure)}" if states.unmet else target(of, figure))


def _asks_all(of: Subject, code: str) -> bool:
    figures = (of.of_unit(unit, code) for unit in of.reported)
    values = {figure.target.value for figure in figures if figure is not None and figure.target.value is not None}
    return values <= {FULL}


def _bare_count(figure: Figure, did: str) -> str:
    return f"已知情况的{figure.decided}个单位中{figure.met}个{did}" if figure.decided else ""
