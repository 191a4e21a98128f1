"""What tells of a person or of troops is refused wherever it could be printed from, and is quoted nowhere."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import NEIGHBOUR, TOWN
from handmade import FILES, YEAR, handmade, write
from stats.cli import main
from stats.errors import ExitCode, ParamsError
from stats.params import load

COUNTY = "params/county.yaml"
TARGETS = f"params/targets/{YEAR}.yaml"
BENCHMARKS = f"data/benchmarks/{YEAR}.csv"
BREAKS = "breaks: [{year: 2021, reason: %s}]\nunits"
# Every place of a hand-made file whose text is printed somewhere: the file, what stands there, and its context.
PLACES = {
    "county": (COUNTY, "青禾县", "%s"),
    "break": (COUNTY, "units", BREAKS),
    "roster": ("params/roster.csv", NEIGHBOUR[1], "%s"),
    "former name": (f"params/units/{TOWN[0]}.yaml", "老塘乡", "%s"),
    "new name": (f"params/units/{TOWN[0]}.yaml", "former_names: [老塘乡]", "name: %s"),
    "source of a target": (TARGETS, "县武委会", "%s"),
    "peer": (BENCHMARKS, "岚江市", "%s"),
    "value of a benchmark": (BENCHMARKS, "97.5", "%s"),
    "level of a benchmark": (BENCHMARKS, "全市", "%s"),
    "indicator of a benchmark": (BENCHMARKS, "REC-05", "%s"),
    "head of a benchmark": (BENCHMARKS, "来源", "%s"),
    "head of the roster": ("params/roster.csv", "类型", "%s"),
    "type in the roster": ("params/roster.csv", "街道\n", "%s\n"),
    "code in the roster": ("params/roster.csv", NEIGHBOUR[0], "%s"),
    "edition": (COUNTY, "units", "edition: %s\nunits"),
    "date of a correction": (f"data/corrections/{YEAR}.yaml", "2022-01-10", "%s"),
    "variable of a correction": (f"data/corrections/{YEAR}.yaml", "bas_villages", "%s"),
    "rule of an explanation": (f"data/explanations/{YEAR}.yaml", "V38", "%s"),
    "source of a benchmark": (BENCHMARKS, "市武装工作通报", "%s"),
    "reason of a correction": (f"data/corrections/{YEAR}.yaml", "漏填", "%s"),
    "role of a correction": (f"data/corrections/{YEAR}.yaml", "县人武部军事科", "%s"),
    "explanation": (f"data/explanations/{YEAR}.yaml", "上年含一次性经费", "%s"),
    "role of an explanation": (f"data/explanations/{YEAR}.yaml", "县人武部军事科", "%s"),
    "key": (COUNTY, "year:", "%s: 1\nyear:"),
}
PRIVATE = (
    "张建国",
    "13800138000",
    "联系电话138 0013 8000",
    "某旅",
    "李某某",
    "张建国同志",
    "110101199003074514",
    "73456部队",
)
LEGITIMATE = (
    "县武委会", "市武〔2025〕3号", "《征兵工作条例》第二十条", "岚江市2021年武装工作通报", "全市武装工作会议材料",
    "区划调整，路口镇并入高邑县", "口径变化", "安委会考核办法", "县委县政府目标责任书", "洪灾", "2020年起一年两次征兵",
    "史志办《统计年鉴》", "财政决算", "上年含一次性经费",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _signals_stay_as_they_were() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return handmade(tmp_path / "county")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", PRIVATE)
def test_what_tells_of_a_person_or_troops_is_refused_and_not_quoted(
    county: Path, capsys: pytest.CaptureFixture[str], place: str, text: str
) -> None:
    name, old, context = PLACES[place]
    assert old in FILES[name]
    write(county, name, FILES[name].replace(old, context % text))
    assert main(["check", "--workspace", str(county), "--json"]) == ExitCode.USAGE
    told = "".join(capsys.readouterr())
    assert name in told
    assert text not in told
    assert text.removesuffix("同志") not in told


@pytest.mark.parametrize("place", ["break", "source of a target", "source of a benchmark", "explanation"])
@pytest.mark.parametrize("text", LEGITIMATE)
def test_what_tells_of_the_matter_is_taken(county: Path, place: str, text: str) -> None:
    name, old, context = PLACES[place]
    write(county, name, FILES[name].replace(old, context % text))
    assert main(["check", "--workspace", str(county)]) == 0


@pytest.mark.parametrize(
    "name",
    [
        "三团镇",
        "高桥镇",
        "王庄乡",
        "石家庄街道",
        "马家镇",
        "武功镇",
        "江北街道",
        "张三里乡",
        "东方农场",
        "城关街道办事处",
    ],
)
def test_names_of_places_that_begin_like_a_persons_are_names(county: Path, name: str) -> None:
    write(county, "params/roster.csv", FILES["params/roster.csv"].replace(NEIGHBOUR[1], name))
    assert load(county).unit(NEIGHBOUR[0]).name == name


def test_a_name_too_long_for_a_place_is_told_to_be_too_long(tmp_path: Path) -> None:
    write(handmade(tmp_path), COUNTY, FILES[COUNTY].replace("青禾县", "禾" * 201))
    with pytest.raises(ParamsError, match="超过 200 字"):
        load(tmp_path)
