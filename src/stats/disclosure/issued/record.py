"""One issue on record, as figures: what it shows, what it hides, what it says of sums; as JSON and back, sealed.

A hidden count stands in it as a keyed digest only. Who has the county's key can tell whether a count is still the same.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from stats.disclosure.audit import Count, Fact
from stats.disclosure.suppression import Hidden
from stats.errors import ParamsError

FORMAT = 1
KIND = "印发登记"
LARGEST_NUMBER = 10**9
_Nested = dict[str, dict[str, dict[str, dict[str, Any]]]]


@dataclass(frozen=True)
class Record:
    """What went out once: a year's set in one edition, the ``number``-th of its kind.

    ``shown`` are the counts that stand in it, ``hidden`` those that are hidden; ``digests`` has each of both, and tells
    under the county's key which value it was. ``facts`` are sums behind county figures, sums behind their changes, and
    told states. ``withheld`` says by year which figures and changes of the county are not told, and whose state is.
    """

    county: str
    year: int
    edition: str
    number: int
    threshold: int
    shown: Mapping[Count, int] = field(default_factory=dict)
    hidden: frozenset[Count] = frozenset()
    digests: Mapping[Count, str] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    withheld: Mapping[int, Hidden] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the record is called, as its file is.

        >>> Record("990118000000", 2021, "meeting", 1, 3).name
        '2021-meeting-01'
        """
        return f"{self.year}-{self.edition}-{self.number:02d}"

    def says_the_same_as(self, other: Record) -> bool:
        """Whether both tell readers the same figures, whichever went out first."""
        return _content(replace(self, number=other.number)) == _content(other)

    def to_bytes(self, key: bytes) -> bytes:
        """The bytes of its file: sorted, plain, and sealed with the county's key."""
        content = _content(self)
        return _bytes({**content, "seal": _seal(content, key)})

    @classmethod
    def from_bytes(cls, data: bytes, file: str, key: bytes) -> Record:
        """The record in these bytes; ParamsError naming the file where it is damaged or of another key."""
        try:
            content = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
            seal = content.pop("seal")
            if content["format"] != FORMAT or content["kind"] != KIND:
                raise ValueError("another format")
            if not hmac.compare_digest(seal, _seal(content, key)):
                raise ValueError("another seal")
            made = _record(content)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(file) from error
        return made


def damaged(file: str) -> ParamsError:
    """What is said of a record that cannot be relied on."""
    return ParamsError(
        f"{file} 不是本县的印发登记，或已被改动、损坏",
        "请从备份恢复该文件和 params/disclosure.key（两者须出自同一工作目录）；确实无法恢复的，由负责人决定移出该文件，"
        "移出后不再保证与该次印发的附件合看时的保护",
    )


def digest(count: Count, value: int, key: bytes) -> str:
    """What tells, under the county's key only, which value a count had.

    >>> a = Count("990118100000", 2021, "rec_enlisted", "year")
    >>> digest(a, 2, b"k") == digest(a, 2, b"k"), digest(a, 2, b"k") == digest(a, 3, b"k")
    (True, False)
    """
    said = f"{count.unit}|{count.year}|{count.variable}|{count.period}|{value}"
    return hmac.digest(key, said.encode(), "sha256").hex()[:32]


def _seal(content: Mapping[str, Any], key: bytes) -> str:
    return hmac.new(key, _bytes(content), hashlib.sha256).hexdigest()


def _bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _content(record: Record) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kind": KIND,
        "county": record.county,
        "year": record.year,
        "edition": record.edition,
        "number": record.number,
        "threshold": record.threshold,
        "shown": _nested(record.shown),
        "hidden": {
            year: {
                name: {period: sorted(units) for period, units in by_period.items()}
                for name, by_period in by_name.items()
            }
            for year, by_name in _nested(dict.fromkeys(record.hidden, 0)).items()
        },
        "digests": _nested(record.digests),
        "facts": sorted((_fact_content(fact) for fact in record.facts), key=json.dumps),
        "withheld": {
            str(year): {
                "figures": sorted(hidden.figures),
                "changes": sorted(hidden.changes),
                "told": [list(pair) for pair in sorted(hidden.states_told)],
            }
            for year, hidden in record.withheld.items()
        },
    }


def _nested(of_counts: Mapping[Count, Any]) -> _Nested:
    """By year, question, period and unit."""
    found: _Nested = {}
    for count, value in of_counts.items():
        by_name = found.setdefault(str(count.year), {})
        by_name.setdefault(count.variable, {}).setdefault(count.period, {})[count.unit] = value
    return found


def _fact_content(fact: Fact) -> dict[str, Any]:
    """A fact with the units of like terms together."""
    groups: dict[tuple[str, int, str, int], list[str]] = {}
    for count, times in fact.terms:
        groups.setdefault((count.variable, count.year, count.period, times), []).append(count.unit)
    terms = [
        {"question": variable, "year": year, "period": period, "times": times, "units": sorted(units)}
        for (variable, year, period, times), units in sorted(groups.items())
    ]
    return {"where": fact.where, "least": fact.low, "most": fact.high, "terms": terms}


def _record(content: Mapping[str, Any]) -> Record:
    shown = {count: _whole(value) for count, value in _counts(content["shown"])}
    hidden = frozenset(_listed(content["hidden"]))
    digests = {count: _text(value) for count, value in _counts(content["digests"])}
    if digests.keys() != shown.keys() | hidden or not hidden.isdisjoint(shown):
        raise ValueError("counts without a digest")
    facts = tuple(_fact(each) for each in content["facts"])
    if not all(count in digests for fact in facts for count, _ in fact.terms):
        raise ValueError("a fact about a count that is not on record")
    return Record(
        county=_text(content["county"]),
        year=_whole(content["year"]),
        edition=_text(content["edition"]),
        number=_whole(content["number"]),
        threshold=_whole(content["threshold"]),
        shown=shown,
        hidden=hidden,
        digests=digests,
        facts=facts,
        withheld={int(year): _withheld(each) for year, each in content["withheld"].items()},
    )


def _counts(nested: _Nested) -> Iterator[tuple[Count, Any]]:
    for year, by_name in nested.items():
        for name, by_period in by_name.items():
            for period, by_unit in by_period.items():
                yield from ((Count(unit, int(year), name, period), value) for unit, value in by_unit.items())


def _listed(nested: Mapping[str, Mapping[str, Mapping[str, Iterable[str]]]]) -> Iterator[Count]:
    for year, by_name in nested.items():
        for name, by_period in by_name.items():
            for period, units in by_period.items():
                yield from (Count(_text(unit), int(year), name, period) for unit in units)


def _fact(content: Mapping[str, Any]) -> Fact:
    terms = tuple(
        (Count(_text(unit), _whole(each["year"]), each["question"], each["period"]), _whole(each["times"]))
        for each in content["terms"]
        for unit in each["units"]
    )
    low, high = (None if content[name] is None else _whole(content[name]) for name in ("least", "most"))
    return Fact(terms, low, high, _text(content["where"]))


def _withheld(content: Mapping[str, Any]) -> Hidden:
    return Hidden(
        figures=frozenset(map(_text, content["figures"])),
        changes=frozenset(map(_text, content["changes"])),
        states_told=frozenset((_text(unit), _text(code)) for unit, code in content["told"]),
    )


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_NUMBER:
        raise ValueError("not a whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names stand in it once each."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name given twice")
    return made


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
