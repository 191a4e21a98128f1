"""Charts: labels as in the tables, nothing drawn without data, nothing hidden drawn, the same bytes every time."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from make_report import (
    TOWNS,
    all_figures,
    make_comparison,
    make_county_figure,
    make_county_report,
    make_figure,
    make_params,
    make_report,
    number,
)
from stats.catalogue.domains import DOMAINS
from stats.catalogue.status import Status
from stats.errors import PublishError
from stats.figures import Answer, Figure, Rank, Target
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
    assert made.notes == ("斜线条形为概数",)


def test_small_base_is_open_and_explained_apart_from_approximations() -> None:
    made = drawn("SYS", figures=all_figures(SYS_02=make_figure(small_base=True)))
    assert "空心条形为基数较小的数" in made.notes
    assert "斜线条形为概数" not in made.notes


def test_number_that_shows_a_missed_target_stands_in_the_chart_too() -> None:
    figure = make_figure("REC-05", "96.0", precise=number("95.96"), target=Target("unmet", ">=", number("96")))
    made = drawn("REC", figures=all_figures(REC_05=figure))
    assert "95.96" in labels(made)


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
    # as if it had come past the roster, which puts the code in place of such a name
    unit = Unit(code=TOWNS[0].code, name="甲镇", type="镇").model_copy(update={"name": "甲\U00031350镇"})
    with pytest.raises(PublishError, match="U\\+31350"):
        chart(_county_of(unit), "SYS")


def test_rare_place_name_characters_are_drawn() -> None:
    unit = Unit(code=TOWNS[0].code, name="石㙍乡", type="乡")
    made = chart(_county_of(unit), "SYS")
    assert isinstance(made, Chart)
    assert "石㙍乡" in labels(made)


def county_chart(code: str, *figures: Figure, **overrides: Any) -> Any:
    """The county's chart of this indicator over towns with these figures."""
    units = tuple(replace_code(TOWNS[0], 101 + n) for n in range(len(figures)))
    towns = {unit.code: {**all_figures(), code: figure} for unit, figure in zip(units, figures, strict=True)}
    report = make_county_report(params=make_params(units=units), units=units, towns=towns, **overrides)
    return chart(report, code.partition("-")[0])


def test_county_chart_is_in_order_of_value_with_what_is_not_shown_last() -> None:
    texts = ["80.0", None, "70.0", "90.0"]
    made = county_chart("SYS-02", *(make_figure(printed=text) for text in texts))
    assert made.alt.endswith("云岭镇10490.0，云岭镇10180.0，云岭镇10370.0，云岭镇102未填报。")
    assert "最高的云岭镇104为90.0，最低的云岭镇103为70.0" in made.alt
    assert "全县90.0" in labels(made)


def test_county_chart_draws_the_target_its_tables_judge_by() -> None:
    whole = make_county_figure("SYS-02", "80.0", target=Target("unmet", ">=", number("90"), number("10.0")))
    figures = {**make_county_report().figures, "SYS-02": whole}
    made = county_chart("SYS-02", *(make_figure(printed=text) for text in ("80.0", "70.0", "90.0")), figures=figures)
    assert "目标≥90" in labels(made)
    assert "目标≥90" in made.alt


@pytest.mark.parametrize("state", ["hidden", "unmet"])
def test_county_chart_shows_no_hidden_value(state: Any) -> None:
    hidden = make_figure(
        printed="55.5", status=Status.HIDDEN, target=Target(state, ">=", number("90")), value=number("55.5")
    )
    whole = make_county_figure("SYS-02", "66.6", status=Status.HIDDEN)
    figures = {**make_county_report().figures, "SYS-02": whole}
    shown = (make_figure(printed=text) for text in ("80.0", "70.0", "90.0"))
    made = county_chart("SYS-02", hidden, *shown, figures=figures)
    assert len(re.findall(r"fill: #9e9e9e", made.svg)) == 3  # three bars
    assert "55.5" not in made.svg + made.alt
    assert "66.6" not in made.svg + made.alt
    assert made.alt.endswith("云岭镇101[隐]。")
    assert "达标" not in made.alt


def test_bars_of_fewer_than_three_lengths_are_a_sentence() -> None:
    texts = ["100.0"] * 6 + ["66.7", None]
    made = county_chart("SYS-02", *(make_figure(printed=text) for text in texts))
    assert made == Paragraph(
        "各单位议军事项办结率：6个单位为100.0%；云岭镇107为66.7%；其余1个单位无数据或不公布。数值相同的较多，不绘图。"
    )


def test_domain_with_a_sentence_takes_no_number() -> None:
    report = make_county_report()
    assert not any(isinstance(chart(report, domain), Chart) for domain in DOMAINS)


def people(*counts: str | None) -> dict[str, dict[str, Answer]]:
    """The population of the towns of a chart."""
    return {
        f"990101{101 + n}000": {"bas_population": Answer(Status.OK, text) if text else Answer(Status.MISSING)}
        for n, text in enumerate(counts)
    }


def test_figure_per_head_is_drawn_against_population() -> None:
    texts = ("9.00", "12.00", "16.00", "7.00", "8.00")
    figures = [make_figure("FND-05", text, rank=Rank(reason="size")) for text in texts]
    figures[4] = make_figure("FND-05", None, status=Status.HIDDEN)
    made = county_chart("FND-05", *figures, town_answers=people("30000", "20000", "8000", None, "50000"))
    assert made.title == "2021年安澜县各单位人均武装工作经费与年末常住人口"
    assert {"云岭镇101", "云岭镇102", "云岭镇103", "年末常住人口（人）"} <= set(labels(made))
    assert "云岭镇104" not in labels(made)
    assert "未列出（无数据或不公布）：云岭镇104、云岭镇105" in made.notes
    assert "人口最多的云岭镇101为9.00，人口最少的云岭镇103为16.00" in made.alt
    assert "各单位数值见表" in made.alt


def test_figure_per_head_ranked_in_groups_is_drawn_in_their_order() -> None:
    places = [("9.00", Rank(2, 2, group="镇")), ("12.00", Rank(1, 2, group="镇")), ("16.00", Rank(1, 1, group="乡"))]
    figures = [make_figure("FND-05", text, rank=rank) for text, rank in places]
    made = county_chart("FND-05", *figures, town_answers=people("30000", "20000", "8000"))
    assert made.alt.endswith("云岭镇10316.00，云岭镇10212.00，云岭镇1019.00。")
    assert "按乡、镇分组排列" in made.notes


def test_figure_per_head_is_drawn_against_population_where_some_units_are_in_no_group() -> None:
    places = [("9.00", Rank(2, 2, group="镇")), ("12.00", Rank(1, 2, group="镇")), ("16.00", Rank(reason="size"))]
    figures = [make_figure("FND-05", text, rank=rank) for text, rank in places]
    made = county_chart("FND-05", *figures, town_answers=people("30000", "20000", "8000"))
    assert made.title.endswith("人均武装工作经费与年末常住人口")


def test_too_many_towns_for_a_page_are_left_to_the_table() -> None:
    made = county_chart("SYS-02", *(make_figure(printed=f"{40 + n}.0") for n in range(50)))
    assert made == Paragraph("单位超过44个，各单位议军事项办结率见基本情况表，不绘图。")


def replace_code(unit: Unit, place: int) -> Unit:
    return Unit(code=f"990101{place}000", name=f"{unit.name}{place}", type=unit.type)


def _county_of(unit: Unit) -> Any:
    """A county of this town and two others, whose bars differ."""
    units = (unit, replace_code(TOWNS[0], 201), replace_code(TOWNS[0], 202))
    texts = ("70.0", "80.0", "90.0")
    towns = {each.code: all_figures(SYS_02=make_figure(printed=text)) for each, text in zip(units, texts, strict=True)}
    return make_county_report(units=units, towns=towns)
