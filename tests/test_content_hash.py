"""What a document shows has the same hash exactly as long as every block of it is the same, in both directions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import nbformat
import pytest

from demo import CellKey
from make_report import make_report
from small_county import COUNTY, TOWNS, SmallCounty, small_county
from stats import content_hash, present, report
from stats.catalogue.indicators import indicators
from stats.catalogue.variables import variables
from stats.present.blocks import Block
from stats.present.drawn import undrawn
from stats.quality import QualityReport
from stats.report import Report, Session

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
DOCUMENTS = ("county", "quality", *TOWNS)
STREET, CORRECTED, EXPLAINED = TOWNS
# More random changes than `make test` waits for: STATS_MEANING_CHANGES=300 pytest tests/test_content_hash.py
CHANGES = int(os.environ.get("STATS_MEANING_CHANGES", "1"))


@cache
def code_cells(kind: str) -> list[str]:
    """The code cells of a shipped notebook but the one with its parameters."""
    cells = nbformat.read(NOTEBOOKS / f"{kind}.ipynb", 4).cells  # type: ignore[no-untyped-call]
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [cell.source for cell in code if "parameters" not in cell.metadata.get("tags", [])]


def shown(kind: str) -> content_hash.Shown:
    """What a shipped notebook shows."""
    found = content_hash.shown(code_cells(kind))
    assert found is not None
    return found


@dataclass(frozen=True)
class Seen:
    """A document as its notebook's cells give it: the hash of its meaning and the blocks a reader sees."""

    meaning: str
    blocks: str


def kind_of(document: str) -> str:
    return document if document in ("county", "quality") else "town"


def loaded(run: Session, document: str) -> Report | QualityReport:
    return {"county": run.county, "quality": run.quality}.get(document, lambda: run.town(document))()


def executed(kind: str, loaded_report: Report | QualityReport) -> str:
    """The payloads of all cells of a notebook, run one after the other as a kernel does."""
    load, *cells = code_cells(kind)
    variable = load.splitlines()[-1].partition(" =")[0]
    names: dict[str, Any] = {"present": present, variable: loaded_report}
    return json.dumps([payload(eval(cell, names)) for cell in cells], ensure_ascii=False)


def payload(block: Block) -> dict[str, Any]:
    return block.payload()


@pytest.fixture
def see(tmp_path: Path) -> Callable[..., Mapping[str, Seen]]:
    """``see(county)``: every document of the county; charts are compared by what they are drawn from."""

    def look(county: SmallCounty, edition: str = "meeting") -> Mapping[str, Seen]:
        folder = county.write(tmp_path / str(len(list(tmp_path.iterdir()))))
        run = report.load.__wrapped__(folder, year=2021, edition=edition)
        return dict(every_document(run))

    return look


def every_document(run: Session) -> Iterator[tuple[str, Seen]]:
    for document in DOCUMENTS:
        kind, own = kind_of(document), loaded(run, document)
        with undrawn():
            blocks = executed(kind, own)
        yield document, Seen(content_hash.of_report(own, shown(kind).calls), blocks)


def changed(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> set[str]:
    """The documents with another meaning, once it is clear that they are those with other blocks."""
    others = {name for name in DOCUMENTS if before[name].blocks != after[name].blocks}
    assert {name for name in DOCUMENTS if before[name].meaning != after[name].meaning} == others
    return others


def answer(county: SmallCounty, unit: str, name: str, text: str, *, year: int = 2021, period: str = "year") -> None:
    place = CellKey(unit, year, period, name)
    assert county.answers[place] != text
    county.answers[place] = text


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Session]:
    """``unchanged(edition)``: the run of the county as it is."""
    folder = small_county().write(tmp_path_factory.mktemp("unchanged"))
    return cache(lambda edition: report.load.__wrapped__(folder, year=2021, edition=edition))


@pytest.fixture(scope="module")
def before(unchanged: Callable[[str], Session]) -> Callable[[str], Mapping[str, Seen]]:
    """``before(edition)``: the documents of the county as it is."""
    return cache(lambda edition: dict(every_document(unchanged(edition))))


# What changes, by hand: the documents that print it.


def say_a_meeting_more(county: SmallCounty) -> None:
    meetings = county.answers[CellKey(STREET, 2021, "year", "sys_council_meetings")]
    answer(county, STREET, "sys_council_meetings", str(int(meetings) + 1))


def write_a_number_with_its_unit(county: SmallCounty) -> None:
    contests = county.answers[CellKey(STREET, 2021, "year", "mil_contests")]
    answer(county, STREET, "mil_contests", f"{contests}次")


def answer_more_in_an_earlier_year(county: SmallCounty) -> None:
    taught = county.answers[CellKey(STREET, 2018, "year", "edu_person_times")]
    answer(county, STREET, "edu_person_times", str(2 * int(taught)), year=2018)


def rename_a_town(county: SmallCounty) -> None:
    unit = county.unit(STREET)
    unit.update(name="新桥街道", former_names=[unit["name"]])
    for place in county.answers:
        if place.unit == STREET and place.year == 2021 and place.variable == "unit_name":
            county.answers[place] = unit["name"]


def mark_the_set(county: SmallCounty) -> None:
    county.settings["marking"] = "内部"


def set_another_target(county: SmallCounty) -> None:
    county.targets[2021]["SYS-02"]["value"] = 89


def set_another_target_of_last_year(county: SmallCounty) -> None:
    county.targets[2020]["SYS-02"]["value"] = 1


def name_another_source_of_a_target(county: SmallCounty) -> None:
    county.targets[2021]["SYS-02"]["source"] = "另一份文件"


def declare_a_break(county: SmallCounty) -> None:
    county.settings["breaks"].append({"year": 2021, "indicators": ["SYS-02"], "units": [STREET], "reason": "改口径"})


def correct_for_another_reason(county: SmallCounty) -> None:
    county.corrections[0]["reason"] = "与活动台账不符"


def explain_in_other_words(county: SmallCounty) -> None:
    county.explanations[0]["text"] = "上年含专项经费"


def hear_of_another_peer_value(county: SmallCounty) -> None:
    row = next(row for row in county.benchmarks[2021] if row["level"] == "peer")
    row["value"] = "88.8"


Change = Callable[[SmallCounty], None]


@pytest.mark.parametrize(
    ("changes", "documents"),
    [
        # what was done is an answer of the town and a sum of the county
        ([say_a_meeting_more], {STREET, "county"}),
        # the charts over the years: the town's own line, and the county's in those of the others
        ([answer_more_in_an_earlier_year], {*TOWNS, "county"}),
        (
            [
                name_another_source_of_a_target,
                explain_in_other_words,  # the meeting edition only says that it was explained
                write_a_number_with_its_unit,  # read as the number it is, and told nowhere
            ],
            set(),
        ),
        # a town that misses the target is told whether it missed last year's
        ([set_another_target_of_last_year], {STREET}),
        ([rename_a_town], {STREET, "county", "quality"}),
        ([mark_the_set], set(DOCUMENTS)),
        ([set_another_target], {*TOWNS, "county"}),
        # 同比 of the town in its table, of the town in the county's ranking, and the list of breaks
        ([declare_a_break], {STREET, "county", "quality"}),
        ([correct_for_another_reason], {CORRECTED, "quality"}),
        ([hear_of_another_peer_value], {"county"}),
    ],
)
def test_exactly_the_documents_that_print_a_change_have_another_meaning(
    see: Callable[..., Mapping[str, Seen]],
    before: Callable[[str], Mapping[str, Seen]],
    changes: list[Change],
    documents: set[str],
) -> None:
    county = small_county()
    for change in changes:
        change(county)
    assert changed(before("meeting"), see(county)) == documents


def test_an_explanation_counts_in_the_edition_that_prints_its_words(
    see: Callable[..., Mapping[str, Seen]], before: Callable[[str], Mapping[str, Seen]]
) -> None:
    county = small_county()
    explain_in_other_words(county)
    assert changed(before("full"), see(county, "full")) == {EXPLAINED}


def test_editions_have_other_meanings(before: Callable[[str], Mapping[str, Seen]]) -> None:
    assert changed(before("meeting"), before("full")) == set(DOCUMENTS)


# Whatever changes, by chance.


def some_answer(chance: Random, county: SmallCounty) -> str:
    asked = [place for place in county.answers if place.variable in NUMBERS and (place.year == 2021 or seldom(chance))]
    place = chance.choice(asked)
    old = county.answers[place]
    near = [str(int(old) + 1), str(max(0, int(old) - 1)), str(2 * int(old))] if old.isdigit() else []
    county.answers[place] = chance.choice([*near, *near, "", "xx", "60余", "0", f"{old}个", "不详"])
    return f"{place} {old} → {county.answers[place]}"


def some_choice(chance: Random, county: SmallCounty) -> str:
    place = chance.choice([place for place in county.answers if variables()[place.variable].choices])
    county.answers[place] = chance.choice([*variables()[place.variable].choices, "", "**"])
    return f"{place} → {county.answers[place]}"


def some_target(chance: Random, county: SmallCounty) -> str:
    year, code = chance.choice((2020, 2021, 2021)), chance.choice(list(county.targets[2021]))
    county.targets[year].setdefault(code, {"op": ">=", "basis": "param"})["value"] = chance.choice((0, 1, 50, 95.5))
    return f"{year} {code}"


def some_break(chance: Random, county: SmallCounty) -> str:
    codes = chance.sample(list(indicators()), chance.choice((0, 1)))
    units = chance.sample(TOWNS, chance.choice((0, 1)))
    year = chance.choice((2020, 2021, 2021))
    county.settings["breaks"].append({"year": year, "indicators": codes, "units": units, "reason": "区划调整"})
    return f"{year} {codes} {units}"


def some_setting(chance: Random, county: SmallCounty) -> str:
    name, value = chance.choice((("marking", "内部"), ("rounding", "half_up"), ("demonstration", False)))
    county.settings[name] = value
    return name


def some_benchmark(chance: Random, county: SmallCounty) -> str:
    row = chance.choice(county.benchmarks[chance.choice(list(county.benchmarks))])
    row["value"] = chance.choice(("0", "1", "88.88"))
    return str(row)


def some_return(chance: Random, county: SmallCounty) -> str:
    gone = chance.choice((*TOWNS, COUNTY)), chance.choice((2018, 2020, 2021))
    county.removed.add(gone)
    return f"without {gone}"


def seldom(chance: Random) -> bool:
    return chance.random() < 0.05


NUMBERS = {name for name, variable in variables().items() if variable.is_number and variable.source}
RANDOM_CHANGES = (*[some_answer] * 6, some_choice, some_target, some_break, some_setting, some_benchmark, some_return)


@pytest.mark.parametrize("seed", range(CHANGES))
def test_a_random_change_changes_meanings_and_blocks_of_the_same_documents(
    see: Callable[..., Mapping[str, Seen]], before: Callable[[str], Mapping[str, Seen]], seed: int
) -> None:
    chance = Random(seed)
    county, edition = small_county(), chance.choice(("meeting", "meeting", "full", "public"))
    told = [chance.choice(RANDOM_CHANGES)(chance, county) for _ in range(chance.choice((1, 1, 2)))]
    print(edition, told, changed(before(edition), see(county, edition)))


# What a chart is drawn from stands for the chart.


def test_charts_are_the_same_exactly_where_what_they_are_drawn_from_is(
    tmp_path: Path, unchanged: Callable[[str], Session]
) -> None:
    county, first = small_county(), unchanged("meeting")
    answer_more_in_an_earlier_year(county)
    second = report.load.__wrapped__(county.write(tmp_path), year=2021, edition="meeting")
    pairs = set()
    for run in (first, second):
        for own in (run.town(STREET), run.town(EXPLAINED)):
            for show in (present.years_chart, present.funnel_chart):
                with undrawn():
                    sketch = json.dumps(payload(show(own)))
                pairs.add((sketch, json.dumps(payload(show(own)))))
    # drawn anew are those over the years; the recruits of these towns are too few to be told
    assert len({sketch for sketch, _ in pairs}) == len({chart for _, chart in pairs}) == len(pairs) == 4 + 1


# What a notebook shows.

LOAD = "from stats import present, report\nown = report.county(year=year, edition=edition, workspace=workspace)"


@pytest.mark.parametrize("kind", ["town", "county", "quality"])
def test_every_cell_of_a_shipped_notebook_is_understood(kind: str) -> None:
    found = shown(kind)
    assert found.kind == kind
    assert len(found.calls) == len(code_cells(kind)) - 1


@pytest.mark.parametrize(
    "cell",
    [
        "own.figures['SYS-02'].value",
        "present.units_table(own, number)",
        "present.own(own).rows",
        "present.own(other)",
        "present.no_such_block(own)",
        "present.cover(own); open('file').read()",
        "own = report.quality(year=year, edition=edition, workspace=workspace)",
        "from stats import figures",
        "%time",
    ],
)
def test_a_notebook_that_does_more_than_show_blocks_is_not_understood(cell: str) -> None:
    assert content_hash.shown([LOAD, "present.cover(own)"]) is not None
    assert content_hash.shown([LOAD, "present.cover(own)", cell]) is None


@pytest.mark.parametrize(
    "load",
    [
        "own = report.county(year=2020, edition=edition, workspace=workspace)",
        "own = report.county(year=year, edition='full', workspace=workspace)",
        "own = report.town('990118003000', year=year, edition=edition, workspace=workspace)",
        "own = report.county(year=year, edition=edition)",
    ],
)
def test_a_notebook_that_loads_another_report_than_that_of_the_run_is_not_understood(load: str) -> None:
    assert content_hash.shown(["from stats import present, report", load, "present.cover(own)"]) is None


def test_a_block_that_cannot_be_made_stops_nothing_and_is_no_other_block() -> None:
    calls = [content_hash.Call("sentences", ("no such domain",))]
    assert content_hash.of_report(make_report(), calls) != content_hash.of_report(make_report(), [])


def test_the_meaning_of_a_document_is_that_of_its_report(
    unchanged: Callable[[str], Session], before: Callable[[str], Mapping[str, Seen]]
) -> None:
    for document in ("county", "quality", STREET):
        told = content_hash.of_document(unchanged("meeting"), shown(kind_of(document)), STREET)
        assert told == before("meeting")[document].meaning


def test_the_meaning_is_the_same_in_another_process_with_other_hashes() -> None:
    program = (
        "from make_report import make_report\nfrom stats.content_hash import Call, of_report\n"
        "calls = [Call('cover'), Call('sentences', ('SYS',)), Call('funnel_chart')]\n"
        "print(of_report(make_report(), calls))"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "1"}
    other = subprocess.run(
        [sys.executable, "-c", program], env=surroundings, check=True, capture_output=True, text=True
    )
    calls = [content_hash.Call("cover"), content_hash.Call("sentences", ("SYS",)), content_hash.Call("funnel_chart")]
    assert other.stdout.strip() == content_hash.of_report(make_report(), calls)
