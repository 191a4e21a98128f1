"""Charts are drawn from what is printed, nothing hidden is drawn, and the same frame gives the same bytes."""

from __future__ import annotations

import ast
import importlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from make_report import (
    TOWNS,
    make_comparison,
    make_county_figure,
    make_county_report,
    make_figure,
    make_report,
    number,
)
from publish_samples import notebook
from stats import charts, present, publish
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import HIDDEN_ANSWER, Answer, Comparison, Figure, Rank, Target, Total
from stats.params import Unit
from stats.present.blocks import Block, Chart, Group
from stats.present.drawn import undrawn
from stats.present.numbering import is_ranked
from stats.publish.svg import drawing

NAN = float("nan")


def frames(made: Block) -> list[pd.DataFrame]:
    """The frames, as texts, that a chart made under :func:`undrawn` would be drawn from."""
    assert isinstance(made, Chart)
    tables: list[list[str]] = []
    for line in made.svg.splitlines()[1:-1]:
        if line.startswith(("panel,", "season,", "name,", "unit,")):
            tables.append([])
        if line:
            tables[-1].append(line)
    return [pd.read_csv(io.StringIO("\n".join(lines)), dtype=str, keep_default_na=False) for lines in tables]


@pytest.fixture
def told() -> Iterator[None]:
    """Charts hold what they would be drawn from."""
    with undrawn():
        yield


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of these columns as text."""
    return [tuple(row) for row in frame[list(columns)].to_numpy().tolist()]


# --- over the years


def over_the_years(code: str, *printed: str | None, **figures: Any) -> Any:
    years = {2021 - len(printed) + 1 + n: make_figure(code, text) for n, text in enumerate(printed)}
    return make_report(figures={code: years[2021]}, history={code: years}, county_history={}, **figures)


@pytest.mark.usefixtures("told")
def test_years_are_drawn_as_they_are_printed_and_a_year_without_a_number_parts_the_line() -> None:
    (frame,) = frames(present.years_chart(over_the_years("FND-01", "80.00", None, "85.50")))
    assert cells(frame, "panel", "year", "value", "text") == [
        ("经费投入（万元）", "2019", "80.0", "80.00"),
        ("经费投入（万元）", "2020", "", ""),
        ("经费投入（万元）", "2021", "85.5", "85.50"),
    ]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("printed", [("80.0", "80.0", "80.0"), ("80.0",), (None, "80.0"), (None, None)])
def test_years_that_are_all_alike_are_no_chart(printed: tuple[str | None, ...]) -> None:
    assert present.years_chart(over_the_years("FND-01", *printed)) == Group()


@pytest.mark.usefixtures("told")
def test_a_hidden_year_is_not_drawn_and_its_number_is_nowhere() -> None:
    report = over_the_years("SUP-02", "80.0", "85.0", "90.0")
    report.history["SUP-02"][2020] = make_figure("SUP-02", "55.5", status=Status.HIDDEN)
    made = present.years_chart(report)
    assert isinstance(made, Chart)
    assert "55.5" not in str(made)
    assert ("2020", "", "[隐]") in cells(frames(made)[0], "year", "value", "text")


@pytest.mark.usefixtures("told")
def test_the_county_stands_beside_a_share_and_not_beside_a_sum() -> None:
    county = {
        code: {year: make_county_figure(code, "70.0", year=year) for year in (2020, 2021)}
        for code in ("SUP-02", "FND-01")
    }
    drawn = {}
    for code in county:
        report = over_the_years(code, "80.0", "85.0")
        made = present.years_chart(make_report(figures=report.figures, history=report.history, county_history=county))
        drawn[code] = [value for (value,) in cells(frames(made)[0], "county")]
    assert drawn == {"SUP-02": ["70.0", "70.0"], "FND-01": ["", ""]}


@pytest.mark.usefixtures("told")
def test_the_title_tells_what_moved_and_the_text_the_ends() -> None:
    report = over_the_years("FND-01", "80.00", "85.50")
    risen = make_figure("FND-01", "85.50", last_year=make_comparison("80.00", "5.50"))
    made = present.years_chart(make_report(figures={"FND-01": risen}, history=report.history))
    assert isinstance(made, Chart)
    assert made.title == "2021年云岭镇主要指标历年情况：与上年相比1项上升"
    assert made.alt == "与上年相比1项上升。武装工作经费投入合计2020年80.00万元、2021年85.50万元。"


# --- from application to enlistment


def season(spring: Answer, autumn: Answer) -> dict[str, Answer]:
    return {"spring": spring, "autumn": autumn}


@pytest.mark.usefixtures("told")
def test_recruits_stand_by_season_and_hidden_ones_have_their_mark() -> None:
    seasons = {
        "rec_applied": season(Answer(Status.OK, "12"), Answer(Status.OK, "48")),
        "rec_enlisted": season(HIDDEN_ANSWER, Answer(Status.APPROX, "9")),
    }
    last = {"rec_applied": season(Answer(Status.NOT_APPLICABLE), Answer(Status.OK, "50"))}
    made = present.funnel_chart(make_report(seasons=seasons, last_seasons=last))
    (frame,) = frames(made)
    rows = cells(frame, "season", "stage", "value", "text", "last", "last_text")
    assert len(rows) == 2 * 5
    assert rows[0] == ("春季", "报名", "12.0", "12人", "", "")
    assert rows[4] == ("春季", "新兵", "", "[隐]", "", "")
    assert rows[5] == ("秋季", "报名", "48.0", "48人", "50.0", "50")
    assert rows[9] == ("秋季", "新兵", "9.0", "约9名", "", "")


@pytest.mark.usefixtures("told")
def test_one_stage_alone_is_no_chart() -> None:
    seasons = {"rec_applied": season(Answer(Status.OK, "12"), Answer(Status.OK, "48"))}
    assert present.funnel_chart(make_report(seasons=seasons)) == Group()


@pytest.mark.usefixtures("told")
def test_the_county_s_stages_are_the_sums_of_its_ratios() -> None:
    figures = {
        "REC-06": make_county_figure("REC-06", "80.0", denominator=number("500"), numerator=number("400")),
        "REC-07": make_county_figure("REC-07", None, status=Status.HIDDEN, numerator=number("333")),
        "REC-02": make_county_figure("REC-02", "120"),
    }
    made = present.county_funnel_chart(make_county_report(figures=figures, history={}))
    assert cells(frames(made)[0], "stage", "value", "text") == [
        ("报名", "500.0", "500"),
        ("上站体检", "400.0", "400"),
        ("双合格", "", "[隐]"),
        ("新兵", "120.0", "120"),
    ]
    assert "333" not in str(made)


# --- the units


def units(count: int) -> tuple[Unit, ...]:
    return tuple(Unit(code=f"990101{101 + n}000", name=f"{'甲乙丙丁戊己庚'[n]}镇", type="镇") for n in range(count))


def county_of(code: str, *given: Figure, **overrides: Any) -> Any:
    """A county whose towns have one indicator with these figures."""
    those = units(len(given))
    towns = {unit.code: {code: figure} for unit, figure in zip(those, given, strict=True)}
    return make_county_report(units=those, towns=towns, **overrides)


def five(*more: Figure) -> list[Figure]:
    return [*(make_figure(printed=text) for text in ("80.0", "70.0", "90.0", "60.0", "75.0")), *more]


@pytest.mark.usefixtures("told")
def test_units_are_dots_from_the_best_down_and_hidden_or_missing_ones_are_left_out() -> None:
    last = Comparison(Status.HIDDEN, Status.HIDDEN, reference=number("44.4"))
    hidden = make_figure(printed="55.5", status=Status.HIDDEN, value=number("55.5"))
    about = make_figure(printed="85.0", status=Status.APPROX, last_year=last)
    (made,) = present.dots_charts(county_of("SYS-02", *five(hidden, about))).blocks
    frame, lines = frames(made)
    assert cells(frame, "unit", "value", "text", "hollow") == [
        ("丙镇", "90.0", "90.0", "False"),
        ("庚镇", "85.0", "约85.0", "True"),
        ("甲镇", "80.0", "80.0", "False"),
        ("戊镇", "75.0", "75.0", "False"),
        ("乙镇", "70.0", "70.0", "False"),
        ("丁镇", "60.0", "60.0", "False"),
    ]
    assert cells(lines, "county", "target", "city") == [("90.0", "", "")]
    assert "55.5" not in str(made)
    assert "44.4" not in str(made)
    assert isinstance(made, Chart)
    assert "议军事项办结率最高丙镇90.0，最低丁镇60.0" in made.alt


@pytest.mark.usefixtures("told")
def test_county_target_and_city_are_lines_unless_hidden() -> None:
    whole = make_county_figure(
        printed="66.6", status=Status.HIDDEN, target=Target("hidden", ">=", number("95")), city=make_comparison("82.5")
    )
    (made,) = present.dots_charts(county_of("SYS-02", *five(), figures={"SYS-02": whole})).blocks
    assert cells(frames(made)[1], "county", "target", "city") == [("", "95.0", "82.5")]
    assert "66.6" not in str(made)


@pytest.mark.usefixtures("told")
def test_fewer_than_five_different_values_are_a_sentence() -> None:
    texts = ("100.0", "100.0", "66.7", "100.0", "50.0", "75.0", None)
    made = present.dots_charts(county_of("SYS-02", *(make_figure(printed=text) for text in texts)))
    assert made.to_text() == "“议军事项办结率”3个单位为100.0%，丙镇66.7%，戊镇50.0%，己镇75.0%。"


@pytest.mark.usefixtures("told")
def test_nine_indicators_stand_on_a_sheet_and_sheets_are_told_apart() -> None:
    codes = [code for code, entry in indicators().items() if is_ranked(entry) and entry.kind == "ratio"][:11]
    those = units(5)
    towns = {unit.code: {c: make_figure(c, f"{50 + n}.0") for c in codes} for n, unit in enumerate(those)}
    made = present.dots_charts(make_county_report(units=those, towns=towns)).blocks
    assert [block.number for block in made if isinstance(block, Chart)] == ["图1（一）", "图1（二）"]


@pytest.mark.usefixtures("told")
def test_money_a_head_stands_against_population() -> None:
    texts = ("9.00", "12.00", "16.00", "7.00", "8.00", "10.00")
    people: list[Answer] = [Answer(Status.OK, f"{n}0000") for n in (3, 2, 1, 5, 4)]
    given = [make_figure("FND-05", text, rank=Rank(reason="size")) for text in texts]
    those = dict(zip(units(6), [*people, HIDDEN_ANSWER], strict=True))
    answers = {unit.code: {"bas_population": answer} for unit, answer in those.items()}
    made = present.scatter_chart(county_of("FND-05", *given, town_answers=answers))
    assert cells(frames(made)[0], "unit", "x", "y", "x_text", "y_text")[0] == (
        "甲镇",
        "30000.0",
        "9.0",
        "30000人",
        "9.00",
    )
    assert "己镇" not in str(made)
    assert isinstance(made, Chart)
    assert (
        made.alt
        == "人口最多的丁镇（50000人）人均武装工作经费7.00元/人，人口最少的丙镇（10000人）16.00元/人。各数见表4。"
    )
    assert present.scatter_chart(county_of("FND-05", *given[:4], town_answers=answers)) == Group()


@pytest.mark.usefixtures("told")
def test_money_is_drawn_as_its_table_prints_it() -> None:
    totals = {
        "fnd_county": Total(number("278.1"), Status.OK, 2, 2),
        "fnd_other": Total(number("0"), Status.MISSING, 0, 2),
    }
    made = present.funds_chart(make_county_report(totals={**totals, "fnd_total": totals["fnd_county"]}))
    assert cells(frames(made)[0], "name", "value", "text") == [
        ("县级财政投入", "278.1", "278.10"),
        ("其他来源", "", ""),
    ]
    assert present.funds_chart(make_county_report()) == Group()


# --- the kinds

YEARS = pd.DataFrame(
    {
        "panel": "征集新兵（名）",
        "year": [2019, 2020, 2021],
        "value": [12.0, NAN, 14.0],
        "text": ["12", "", "14"],
        "county": [NAN, 13.0, 13.5],
    }
)
STAGES = pd.DataFrame(
    {
        "season": "秋季",
        "stage": ["报名", "新兵"],
        "value": [48.0, NAN],
        "last": [50.0, 9.0],
        "text": ["48", "[隐]"],
        "last_text": ["50", "9"],
    }
)
DOTS = pd.DataFrame(
    {
        "panel": "议军办结（%）",
        "unit": ["石㙍乡", "乙镇", "丙$x_2$镇"],
        "value": [90.0, 80.0, 70.0],
        "last": [85.0, NAN, 70.0],
        "text": ["90.0", "80.0", "约70.0"],
        "hollow": [False, False, True],
    }
)
LINES = pd.DataFrame([{"panel": "议军办结（%）", "county": 83.0, "target": 85.0, "city": NAN}])
PLANE = pd.DataFrame(
    {
        "unit": ["甲镇", "乙镇", "丙乡"],
        "x": [1000.0, 5000.0, 3000.0],
        "y": [18.0, 6.0, 12.0],
        "x_text": ["1000人", "5000人", "3000人"],
        "y_text": ["18.00", "6.00", "12.00"],
        "hollow": [False, True, False],
    }
)
MONEY = STAGES.rename(columns={"stage": "name"}).drop(columns="season")
KINDS: dict[str, Any] = {
    "multiples": lambda: charts.multiples(YEARS),
    "funnel": lambda: charts.funnel(STAGES),
    "dots": lambda: charts.dots(DOTS, LINES),
    "scatter": lambda: charts.scatter(PLANE, x_name="人口（人）", y_name="人均（元）"),
    "sources": lambda: charts.sources(MONEY),
    "spark": lambda: charts.spark(YEARS[["year", "value"]]),
}


def svg(kind: str) -> str:
    return charts.svg(KINDS[kind]())


def words(text: str) -> list[str]:
    """The words of a drawing in the order they were written."""
    return [
        "".join(element.itertext()) for element in ElementTree.fromstring(text).iter() if element.tag.endswith("text")
    ]


def test_every_kind_is_tried() -> None:
    assert set(KINDS) == set(charts.__all__) - {"svg"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_the_same_bytes_every_time_and_tells_nothing_of_where_it_was_made(kind: str) -> None:
    assert svg(kind) == svg(kind)
    assert not re.search(r"20\d\d-\d\d-\d\dT|<metadata|[Mm]atplotlib|/tmp", svg(kind))


def test_charts_are_the_same_bytes_in_another_process_with_other_hashes() -> None:
    program = "from test_charts import KINDS, svg\nprint([svg(kind) for kind in KINDS])"
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=__file__.rpartition("/")[0],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("multiples", ["征集新兵（名）", "2019", "2021", "12", "14"]),
        ("funnel", ["秋季", "报名", "48", "50", "新兵", "[隐]", "9"]),
        ("dots", ["议军办结（%）", "石㙍乡", "90.0", "乙镇", "80.0", "丙$x_2$镇", "约70.0"]),
        (
            "scatter",
            ["甲镇", "乙镇", "丙乡", "1000人", "5000人", "6.00", "18.00", "人口（人）", "人均（元）"],
        ),
        ("sources", ["48", "[隐]", "50", "9", "报名", "新兵"]),
        ("spark", []),
    ],
)
def test_words_of_a_chart_are_those_of_its_frame_and_no_others(kind: str, said: list[str]) -> None:
    assert sorted(words(svg(kind))) == sorted(said)


def test_a_value_that_is_not_there_is_not_drawn() -> None:
    marks = [svg(kind).count("<use") for kind in ("multiples", "dots")]
    # two years with a value; three units, two of last year's, and the county's diamond
    assert marks == [2, 3 + 2 + 1]


def bars(text: str) -> list[tuple[float, float]]:
    """Where filled four-cornered shapes begin and end, from the left."""
    found = []
    for path in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}path"):
        places = [float(part) for part in re.findall(r"-?[\d.]+", path.get("d", ""))]
        if "fill: #4d4d4d" in path.get("style", "") and places:
            found.append((min(places[::2]), max(places[::2])))
    return found


@pytest.mark.parametrize("kind", ["funnel", "sources"])
def test_bars_begin_at_zero_and_are_as_long_as_their_numbers(kind: str) -> None:
    (start, end), (nothing_from, nothing_to) = bars(svg(kind))
    assert start == pytest.approx(nothing_from, abs=0.02) == pytest.approx(nothing_to, abs=0.02)
    last = re.findall(r"d0d0d0", svg(kind))
    assert last
    longest = (156 - (11 if kind == "funnel" else 22)) * 72 / 25.4
    assert (end - start) / (longest - start) == pytest.approx(48 / 50, abs=0.01)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "spark"])
def test_a_chart_is_as_wide_as_the_text_grey_and_large_enough_to_read(kind: str) -> None:
    text = svg(kind)
    width = re.search(r'width="([\d.]+)pt"', text)
    assert width is not None
    assert float(width[1]) == pytest.approx(156 / 25.4 * 72, abs=0.1)
    assert all(colour[0:2] == colour[2:4] == colour[4:6] for colour in re.findall(r"#([0-9a-fA-F]{6})\b", text))
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: ?([\d.]+)px", text)]
    assert sizes
    assert min(sizes) >= 6.5


@pytest.mark.parametrize("kind", KINDS)
def test_drawing_passes_the_allow_list_with_all_its_marks(kind: str) -> None:
    text = svg(kind)
    markup = drawing(text, "图").markup
    for element in ("path", "use", "text"):
        assert markup.count(f"<{element} ") == text.count(f"<{element} "), element


def test_drawing_leaves_the_settings_of_the_notebook_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    svg("dots")
    assert dict(mpl.rcParams) == before


def test_of_many_units_only_the_ends_are_named() -> None:
    many = pd.concat([DOTS.iloc[[0]].assign(unit=f"第{n:02d}镇", value=90.0 - n) for n in range(30)], ignore_index=True)
    named = [word for word in words(charts.svg(charts.dots(many, LINES))) if word.endswith("镇")]
    assert named == [f"第{n:02d}镇" for n in (0, 1, 2, 27, 28, 29)]


def test_town_without_a_return_has_no_chart() -> None:
    report = make_report(unit=TOWNS[0], figures={}, history={}, answers={}, seasons={})
    assert present.years_chart(report) == present.funnel_chart(report) == Group()


def test_the_manuals_own_chart_is_drawn_and_published() -> None:
    manual = (Path(__file__).parents[1] / "docs/手册.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    given, names = ast.parse(code), dict[str, Any]()
    last = ast.Expression(given.body.pop().value)  # type: ignore[attr-defined]
    exec(compile(given, "手册", "exec"), names)
    made = eval(compile(last, "手册", "eval"), names)
    shown = publish.document(notebook(made))
    assert [block.title for block in shown.blocks if isinstance(block, Chart)] == ["近两年经费投入：增加1.5万元"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        *(("statements", name) for name in ("DUTY", "SPEECH", "NOT_HELD")),
        *(("charts", "PANELS"), ("county_charts", "YEARS"), ("overview", "FIGURES")),
    ],
)
def test_the_manual_names_what_there_is_to_change(module: str, name: str) -> None:
    manual = (Path(__file__).parents[1] / "docs/手册.md").read_text(encoding="utf-8")
    assert f"`{name}`" in manual
    assert f"{module}.py`" in manual
    assert getattr(importlib.import_module(f"stats.present.{module}"), name)


@pytest.mark.parametrize(("values", "points"), [([1.0, NAN, 2.0, 3.0], 2), ([1.0, 2.0, NAN, 3.0], 1), ([1.0, 2.0], 1)])
def test_a_year_that_no_line_reaches_is_a_point_of_the_small_line(values: list[float], points: int) -> None:
    frame = pd.DataFrame({"year": range(2018, 2018 + len(values)), "value": values})
    (axes,) = charts.spark(frame).axes
    # the last year is a larger one
    assert len({tuple(place) for marks in axes.collections for place in marks.get_offsets()}) == points
