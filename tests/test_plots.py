"""The drawing of a chart against its content: how many marks, how long, in which grey, beside which words."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import seaborn as sns
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from stats.present.bars import Line, Look, Point
from stats.present.plots import Against, Bar, Panel, against, development, ranked, scatter
from stats.present.scatter import ticks

from stats.publish.svg import drawing

MM = 72 / 25.4
GREY, DARK, LIGHT, WHITE, HATCHED = "#9e9e9e", "#595959", "#dbdbdb", "#ffffff", "hatched"


@dataclass(frozen=True)
class Mark:
    """A path of a drawing: the rectangle around it in points, and how it is filled."""

    left: float
    top: float
    right: float
    bottom: float
    fill: str

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Drawn:
    """What stands in an SVG."""

    def __init__(self, svg: str) -> None:
        root = ElementTree.fromstring(svg)
        hidden = {id(child) for kind in ("defs", "pattern") for part in root.iter(_tag(kind)) for child in part.iter()}
        paths = [path for path in root.iter(_tag("path")) if id(path) not in hidden]
        marks = [_mark(path) for path in paths]
        self.bars = [mark for mark in marks if mark.fill]
        self.lines = [mark for mark in marks if not mark.fill]
        self.dashed = [_mark(path) for path in paths if "stroke-dasharray" in path.get("style", "")]
        # only diamonds and dots among the repeated marks are filled
        filled = [use for use in root.iter(_tag("use")) if "fill: #" in use.get("style", "")]
        self.diamonds = self.dots = [(float(use.get("x", "")), float(use.get("y", ""))) for use in filled]
        self.fills = [str(re.search(r"fill: (#\w+)", use.get("style", ""))[1]) for use in filled]  # type: ignore[index]
        self.anchors = {
            str(text.text): text.get("style", "").removeprefix("text-anchor: ") for text in root.iter(_tag("text"))
        }
        self.texts = {
            str(text.text): (float(text.get("x", "")), float(text.get("y", ""))) for text in root.iter(_tag("text"))
        }
        self.words = [str(text.text) for text in root.iter(_tag("text"))]

    def box(self, text: str) -> tuple[float, float, float, float]:
        """About where a text stands: 8 pt high, each 汉字 a letter's size wide."""
        across, baseline = self.texts[text]
        width = 8.5 * sum(1.0 if ord(sign) > 255 else 0.55 for sign in text)
        left = {"start": across, "middle": across - width / 2, "end": across - width}[self.anchors[text]]
        return (left, baseline - 6.5, left + width, baseline + 1.0)


def _tag(name: str) -> str:
    return f"{{http://www.w3.org/2000/svg}}{name}"


def _mark(path: Element) -> Mark:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
    across, down = numbers[::2], numbers[1::2]
    found = re.search(r"fill: ([^;]+)", path.get("style", ""))
    fill = "" if found is None or found[1] == "none" else HATCHED if "url" in found[1] else found[1]
    return Mark(min(across), min(down), max(across), max(down), fill)


def bar(length: float | None, name: str = "率", text: str = "", *, look: Look = "exact") -> Bar:
    return Bar(name, length, text or str(length), look)


def rate(length: float | None, *, county: float | None = None, target: float | None = None) -> Against:
    return Against(bar(length), county, f"全{county}", target, f"≥{target}")


def rates(*rows: Against) -> Drawn:
    return Drawn(against(rows, prefix="X", unit_name="本单位"))


def panel(*lengths: float | None, title: str = "人次（人次）") -> Panel:
    return Panel(title, tuple(bar(length, str(2017 + place)) for place, length in enumerate(lengths)))


def panels(*given: Panel) -> Drawn:
    return Drawn(development(given, prefix="X"))


# A unit against its county and its target: 54 mm of names, 53 mm of bars, three columns of numbers.


def test_bars_are_as_long_as_their_rates() -> None:
    made = rates(rate(100.0), rate(50.0), rate(25.0))
    assert [mark.left for mark in made.bars] == pytest.approx([54 * MM] * 3, abs=0.01)
    # 100 percent is as long as the 53 mm less the hundredth part in fifty-one that is left free behind it
    assert [mark.width for mark in made.bars] == pytest.approx([53 * MM / 1.02 / n for n in (1, 2, 4)], abs=0.01)


def test_rows_lie_seven_millimetres_apart() -> None:
    made = rates(rate(100.0), rate(50.0), rate(25.0))
    assert [mark.top for mark in made.bars] == pytest.approx(
        [(10.5 + 7 * n - 0.31 * 7) * MM for n in range(3)], abs=0.01
    )


def test_rate_above_a_hundred_shortens_the_axis_for_all() -> None:
    made = rates(rate(200.0), rate(100.0))
    assert made.bars[0].width == pytest.approx(53 * MM / 1.02, abs=0.01)
    assert made.bars[1].width == pytest.approx(made.bars[0].width / 2, abs=0.01)
    assert made.texts["100%"][0] == pytest.approx(made.bars[1].right, abs=0.01)


def test_missing_rate_has_words_and_no_bar() -> None:
    made = rates(rate(None), rate(0.0))
    assert len(made.bars) == 1
    assert made.bars[0].width == 0
    assert "None" in made.words


def test_county_and_target_stand_at_their_rates_in_their_rows() -> None:
    made = rates(rate(100.0), rate(40.0, county=80.0, target=60.0))
    scale = made.bars[0].width / 100
    assert made.diamonds == [pytest.approx((54 * MM + 80 * scale, 17.5 * MM), abs=0.01)]
    stroke = next(line for line in made.lines if line.left == pytest.approx(54 * MM + 60 * scale, abs=0.01))
    assert (stroke.top + stroke.bottom) / 2 == pytest.approx(17.5 * MM, abs=0.01)
    assert stroke.height == pytest.approx(0.88 * 7 * MM, abs=0.01)


def test_every_word_and_number_stands_once() -> None:
    made = rates(rate(40.0, county=80.0, target=60.0))
    axis = ["0", "25", "50", "75", "100%"]
    assert sorted(made.words) == sorted(["率", *axis, "■本单位", "◇全县", "┃目标", "40.0", "全80.0", "≥60.0"])


def test_numbers_of_a_row_stand_on_the_line_of_its_name() -> None:
    made = rates(rate(40.0, county=80.0, target=60.0))
    assert len({made.texts[word][1] for word in ("率", "40.0", "全80.0", "≥60.0")}) == 1
    across = [made.texts[word][0] for word in ("40.0", "全80.0", "≥60.0")]
    assert across == pytest.approx([(54 + 53 + 4 + place) * MM for place in (7.5, 22.5, 37.5)], abs=0.01)


LOOKS: tuple[Look, ...] = ("exact", "approximate", "small_base")


def test_approximate_bar_is_hatched_one_on_a_small_base_open_and_the_others_grey() -> None:
    rows = [Against(bar(90.0, look=look), None, "—", None, "—") for look in LOOKS]
    assert [mark.fill for mark in rates(*rows).bars] == [GREY, HATCHED, WHITE]


def test_columns_tell_approximate_and_small_base_apart_too() -> None:
    columns = Panel("率（%）", tuple(bar(90.0, look=look) for look in (*LOOKS, "exact")))
    assert [mark.fill for mark in Drawn(development([columns], prefix="X")).bars] == [LIGHT, HATCHED, WHITE, DARK]


# The years.


def test_columns_are_as_high_as_their_figures_and_the_last_is_dark() -> None:
    made = panels(panel(300.0, 600.0, 450.0))
    # the tallest leaves 22 parts of 122 of the 30 mm free for its number
    tallest = 30 * MM / 1.22
    assert [mark.height for mark in made.bars] == pytest.approx([tallest / 2, tallest, tallest * 0.75], abs=0.01)
    assert [mark.fill for mark in made.bars] == [LIGHT, LIGHT, DARK]


def test_number_stands_above_its_column_and_the_year_below() -> None:
    made = panels(panel(300.0, 600.0))
    for mark, number, year in zip(made.bars, ("300.0", "600.0"), ("2017", "2018"), strict=True):
        middle = (mark.left + mark.right) / 2
        assert made.texts[number] == pytest.approx((middle, mark.top - 3.2), abs=0.02)
        assert made.texts[year] == pytest.approx((middle, 40 * MM + 14.48), abs=0.02)


def test_year_without_a_value_has_its_word_on_the_axis_and_no_column() -> None:
    made = panels(panel(None, 600.0))
    assert len(made.bars) == 1
    assert made.texts["None"][1] == pytest.approx(40 * MM - 3.2, abs=0.02)


def test_every_panel_has_its_columns_and_three_stand_side_by_side() -> None:
    made = panels(panel(1.0, 2.0), panel(3.0, 4.0), panel(5.0, 6.0))
    assert len(made.bars) == 6
    assert len({mark.bottom for mark in made.bars}) == 1
    assert [mark.left for mark in made.bars] == sorted(mark.left for mark in made.bars)


def test_panels_with_long_numbers_stand_two_by_two() -> None:
    made = panels(*(panel(1234567.0, 1234567.0, 1234567.0, 1234567.0, 1234567.0) for _ in range(3)))
    assert sorted({round(mark.bottom / MM) for mark in made.bars}) == [40, 86]


def test_long_title_has_its_unit_on_a_second_line() -> None:
    made = panels(*(panel(1.0, 2.0, title=f"{n}疫情防控等公共卫生任务人次（人次）") for n in "甲乙丙"))
    name, unit = made.texts["甲疫情防控等公共卫生任务人次"], made.texts["（人次）"]
    assert unit[1] == pytest.approx(10 * MM - 4, abs=0.01)
    assert unit[1] - name[1] == pytest.approx(10.4, abs=0.01)


# The towns.


def test_towns_are_bars_in_the_given_order_and_the_county_a_dashed_line() -> None:
    bars = [bar(80.0, "甲镇"), bar(40.0, "乙乡"), bar(None, "丙镇", "未上报")]
    made = Drawn(ranked(bars, county=Line(60.0, "全县60.0"), target=None, prefix="X"))
    assert [mark.width for mark in made.bars] == pytest.approx([made.bars[0].width, made.bars[0].width / 2], abs=0.01)
    assert made.bars[1].top - made.bars[0].top == pytest.approx(4.8 * MM, abs=0.01)
    (line,) = made.dashed
    assert line.left == pytest.approx(made.bars[0].left + made.bars[0].width * 60 / 80, abs=0.01)
    assert made.words == ["甲镇", "乙乡", "丙镇", "80.0", "40.0", "未上报", "全县60.0"]


def test_towns_without_a_county_rate_have_no_line() -> None:
    assert not Drawn(ranked([bar(80.0)], county=None, target=None, prefix="X")).dashed


def test_the_target_is_a_full_line_and_its_words_keep_clear_of_those_of_the_county() -> None:
    bars = [bar(100.0, "甲镇"), bar(50.0, "乙乡")]
    made = Drawn(ranked(bars, county=Line(92.4, "全县92.4"), target=Line(90.0, "目标≥90"), prefix="X"))
    scale = made.bars[0].width / 100
    (dashed,) = made.dashed
    full = [line for line in made.lines if line.width == 0 and line not in made.dashed]
    assert dashed.left == pytest.approx(made.bars[0].left + 92.4 * scale, abs=0.01)
    assert any(line.left == pytest.approx(made.bars[0].left + 90.0 * scale, abs=0.01) for line in full)
    assert made.anchors["目标≥90"] == "end"
    assert made.anchors["全县92.4"] == "start"


def test_words_of_lines_far_apart_stand_in_the_middle() -> None:
    made = Drawn(ranked([bar(100.0)], county=Line(20.0, "全县20.0"), target=Line(90.0, "目标≥90"), prefix="X"))
    assert (made.anchors["目标≥90"], made.anchors["全县20.0"]) == ("middle", "middle")


# Towns in a plane.


def plane(*points: Point, county: Line | None = None, target: Line | None = None) -> Drawn:
    return Drawn(scatter(points, across="人口（人）", up="人均（元/人）", county=county, target=target, prefix="X"))


CORNERS = (Point("甲镇", 1000.0, 18.0), Point("乙镇", 5000.0, 6.0), Point("丙乡", 3000.0, 12.0))


def test_dots_lie_where_population_and_value_say() -> None:
    made = plane(*CORNERS)
    # axes from 1000 to 5000 and from 6 to 18, over 136 mm and 61 mm
    places = [(16 * MM, 9 * MM), ((16 + 136) * MM, 70 * MM), ((16 + 68) * MM, 39.5 * MM)]
    assert made.dots == [pytest.approx(place, abs=0.01) for place in places]


def test_looks_of_dots_are_told_apart() -> None:
    looks = [Point(name, 1000.0 + n, 6.0 + n, look) for n, (name, look) in enumerate(zip("甲乙丙", LOOKS, strict=True))]
    assert plane(*looks).fills == [GREY, WHITE, WHITE]


def test_lines_of_a_plane_run_across_with_their_words() -> None:
    made = plane(*CORNERS, county=Line(9.0, "全县9.0"), target=Line(12.0, "目标≥12"))
    (dashed,) = made.dashed
    assert dashed.height == 0
    assert dashed.top == pytest.approx((70 - 61 * 3 / 12) * MM, abs=0.01)
    assert {"全县9.0", "目标≥12", "人口（人）", "人均（元/人）"} <= set(made.words)


def test_names_in_a_plane_never_cover_one_another_and_the_outermost_are_told() -> None:
    crowd = [Point(f"第{n:02d}镇", 2000.0 + n % 7, 10.0 + n / 100) for n in range(40)]
    made = plane(*crowd, *CORNERS)
    boxes = [made.box(name) for name in made.texts if name.endswith(("镇", "乡"))]
    assert {"甲镇", "乙镇"} <= set(made.texts)
    assert 5 < len(boxes) < 43
    for nth, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[nth + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


@given(
    low=st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 2)),
    span=st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 2)),
)
def test_ticks_enclose_what_they_measure_at_one_distance(low: float, span: float) -> None:
    made = ticks(low, low + span)
    assert made[0] <= Decimal(str(low))
    assert made[-1] >= Decimal(str(low + span))
    assert 2 <= len(made) <= 8
    assert len({after - before for before, after in itertools.pairwise(made)}) == 1


# All kinds.


def test_bars_lie_where_seaborn_puts_them() -> None:
    """The places that are computed here against those of a figure with axes."""
    lengths = [93.4, 0.0, 51.25, 100.0]
    figure = Figure(figsize=(156 / 25.4, 41 / 25.4), dpi=72)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((54 / 156, 6 / 41, 53 / 156, 28 / 41))
    sns.barplot(x=lengths, y=list(range(4)), orient="h", ax=axes, width=0.62, errorbar=None)
    axes.set(xlim=(0, 102), ylim=(3.5, -0.5))
    boxes = [patch.get_window_extent() for patch in axes.patches]
    expected = [(box.x0, 41 * MM - box.y1, box.x1, 41 * MM - box.y0) for box in boxes]
    made = rates(*map(rate, lengths))
    assert len(made.bars) == 4
    for mark, place in zip(made.bars, expected, strict=True):
        assert (mark.left, mark.top, mark.right, mark.bottom) == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize("kind", ["against", "development", "ranked", "scatter"])
def test_drawing_passes_the_allow_list_whole(kind: str) -> None:
    pale = bar(90.0, look="approximate")
    line = Line(50.0, "全县50.0")
    svg = {
        "against": against([Against(pale, 50.0, "50", 60.0, "60")], prefix="X", unit_name="本单位"),
        "development": development([Panel("率（%）", (pale,))], prefix="X"),
        "ranked": ranked([pale], county=line, target=Line(5.0, "目标"), prefix="X"),
        "scatter": scatter(CORNERS, across="人口", up="人均", county=line, target=line, prefix="X"),
    }[kind]
    markup = drawing(svg, "图").markup
    for element in ("path", "use", "text", *(() if kind == "scatter" else ("pattern",))):
        assert markup.count(f"<{element} ") == svg.count(f"<{element} ")
    assert 'text-anchor="middle"' in markup


def test_drawing_leaves_the_settings_of_the_notebook_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    rates(rate(50.0))
    assert dict(mpl.rcParams) == before
