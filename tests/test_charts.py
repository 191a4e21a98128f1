"""Charts: labels as in the tables, nothing drawn without data, nothing hidden drawn, the same bytes every time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from make_report import (
    TOWNS,
    all_figures,
    make_comparison,
    make_county_report,
    make_figure,
    make_params,
    make_report,
    number,
)
from stats.catalogue.domains import DOMAINS
from stats.catalogue.status import Status
from stats.errors import PublishError
from stats.figures import Target
from stats.params import Unit
from stats.present import chart
from stats.present.blocks import Chart, Group, Paragraph


def drawn(domain: str, **overrides: Any) -> Chart:
    made = chart(make_report(**overrides), domain)
    assert isinstance(made, Chart)
    return made


def labels(made: Chart) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(made.svg).iter() if text.tag.endswith("text")]


def test_rate_stands_in_the_chart_as_in_the_table() -> None:
    figure = make_figure(county=make_comparison("83.2", "1.8"), target=Target("unmet", ">=", number("90")))
    made = drawn("SYS", figures=all_figures(SYS_02=figure))
    assert {"85.0", "83.2", "≥90", "议军事项办结率"} <= set(labels(made))
    assert "议军事项办结率本单位85.0，全县83.2，目标≥90" in made.alt


def test_hidden_figure_has_its_mark_and_no_bar() -> None:
    figure = make_figure("SUP-04", None, status=Status.HIDDEN)
    made = drawn("SUP", figures=all_figures(SUP_04=figure))
    assert "[隐]" in labels(made)
    assert "优待金足额发放率本单位[隐]" in made.alt


def test_missing_year_is_named_not_drawn_as_zero() -> None:
    report = make_report()
    years = {**report.history["EMG-02"], 2019: make_figure("EMG-02", None, year=2019)}
    made = drawn("EMG", history={**report.history, "EMG-02": years})
    assert "2019年未填报" in made.alt
    assert labels(made).count("未填报") == 1


def test_approximation_is_hatched_and_explained() -> None:
    about = make_figure("FND-01", "120.00", status=Status.APPROX)
    report = make_report()
    made = drawn("FND", history={**report.history, "FND-01": {2021: about}})
    assert "约120.00" in labels(made)
    assert made.notes == ("斜线条形为概数或基数较小的数",)


def test_domain_without_values_has_a_sentence_in_place_of_a_chart() -> None:
    figures = all_figures(**{f"SYS_0{n}": make_figure(f"SYS-0{n}", None) for n in (1, 2, 4)})
    assert isinstance(chart(make_report(figures=figures), "SYS"), Paragraph)


def test_domain_the_edition_does_not_show_has_no_chart() -> None:
    assert chart(make_report(figures={}), "FND") == Group()


def test_numbers_of_charts_run_without_gaps() -> None:
    figures = {code: figure for code, figure in all_figures().items() if not code.startswith("REC")}
    report = make_report(figures=figures)
    made = [block for domain in DOMAINS if isinstance(block := chart(report, domain), Chart)]
    assert [block.number for block in made] == [f"图{n}" for n in range(1, 8)]


def test_chart_is_the_same_text_every_time() -> None:
    assert drawn("BLD").svg == drawn("BLD").svg
    assert not re.search(r"20\d\d-\d\d-\d\dT|<metadata|matplotlib", drawn("BLD").svg)


def test_two_charts_in_one_page_share_no_id() -> None:
    found = [set(re.findall(r' id="([^"]+)"', drawn(domain).svg)) for domain in ("SYS", "BLD")]
    assert all(found)
    assert not found[0] & found[1]


def test_letters_are_large_enough_for_print() -> None:
    sizes = re.findall(r"font(?:-size)?: ?([\d.]+)px", drawn("REC").svg)
    assert sizes
    assert all(float(size) >= 8 for size in sizes)


def test_chart_is_as_wide_as_the_text_block() -> None:
    width = re.search(r'width="([\d.]+)pt"', drawn("REC").svg)
    assert width is not None
    assert float(width[1]) == pytest.approx(156 / 25.4 * 72, abs=0.1)


def test_chart_is_black_and_white() -> None:
    for colour in re.findall(r"#([0-9a-fA-F]{6})\b", drawn("EMG").svg + drawn("SYS").svg):
        assert colour[0:2] == colour[2:4] == colour[4:6]


def test_formula_signs_in_a_name_stay_as_they_are() -> None:
    unit = Unit(code=TOWNS[0].code, name="甲$x_2$镇", type="镇")
    made = chart(_county_of(unit), "SYS")
    assert isinstance(made, Chart)
    assert "甲$x_2$镇" in labels(made)


def test_character_no_font_has_stops_the_chart_by_name() -> None:
    unit = Unit(code=TOWNS[0].code, name="甲\U00031350镇", type="镇")
    with pytest.raises(PublishError, match="U\\+31350"):
        chart(_county_of(unit), "SYS")


def test_rare_place_name_characters_are_drawn() -> None:
    unit = Unit(code=TOWNS[0].code, name="石㙍乡", type="乡")
    made = chart(_county_of(unit), "SYS")
    assert isinstance(made, Chart)
    assert "石㙍乡" in labels(made)


def test_county_chart_puts_the_unranked_last_and_draws_the_county() -> None:
    report = make_county_report()
    towns = {**report.towns, TOWNS[0].code: all_figures(SYS_02=make_figure("SYS-02", None))}
    made = chart(make_county_report(towns=towns), "SYS")
    assert isinstance(made, Chart)
    assert made.alt.endswith("石桥镇90.0，云岭镇未填报。")
    assert "全县90.0" in labels(made)


def test_too_many_towns_for_a_page_are_left_to_the_table() -> None:
    many = tuple(replace_code(TOWNS[0], n) for n in range(101, 151))
    report = make_county_report(
        params=make_params(units=many), units=many, towns={unit.code: all_figures() for unit in many}
    )
    assert isinstance(chart(report, "SYS"), Paragraph)


def replace_code(unit: Unit, place: int) -> Unit:
    return Unit(code=f"990101{place}000", name=f"{unit.name}{place}", type=unit.type)


def _county_of(unit: Unit) -> Any:
    figures = {code: replace(figure, unit=unit.code) for code, figure in all_figures().items()}
    return make_county_report(units=(unit,), towns={unit.code: figures})
