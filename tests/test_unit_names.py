"""A name that no document can show stops its own unit only, before anything runs; every other one is printed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from conftest import NEIGHBOUR, TOWN, as_csv, make_rows, put
from handmade import FILES, YEAR, handmade, write
from small_county import COUNTY, TOWNS, small_county
from stats import params as parameters
from stats import report
from stats.build.state.plan import plan
from stats.cli import main
from stats.errors import ExitCode
from stats.findings import Finding, Severity
from stats.publish.font_faces import FACES, chain, characters
from stats.publish.worklist import LONGEST_SHEET_NAME
from stats.texts.drawable import _COMMON, TABLE, drawable, drawn, table_of, undrawable

SOURCE = Path(__file__).resolve().parents[1] / "src/stats"
# By what is wrong with them: a C1 control, a bidi mark, a picture, private use, no glyph, no width, a failed decoding.
ODD = (
    "城\x9b关街道",
    "城关\u202e街道",
    "城关街道\U0001f600",
    "\ue000街道",
    "\U0002ebf1街道",
    "城\u200b关街道",
    "城\ufffd街道",
)


def states(workspace: Path) -> dict[str, str]:
    params = parameters.load(workspace)
    examined = report.examine(params)
    received = examined.received.get(YEAR, frozenset())
    return {each.name: each.state for each in plan(params, findings=examined.findings, received=received)}


def quoted(text: str) -> str:
    """The text in quotes, as YAML takes it, with escapes."""
    return '"' + text.encode("unicode_escape").decode("ascii") + '"'


@pytest.mark.parametrize("place", ["csv", "yaml", "override", "former name"])
@pytest.mark.parametrize("name", ODD)
def test_a_name_that_cannot_be_printed_withholds_its_own_unit_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, place: str
) -> None:
    county = handmade(tmp_path / "county")
    if place == "csv":
        write(county, "params/roster.csv", FILES["params/roster.csv"].replace(NEIGHBOUR[1], name))
    elif place == "yaml":
        units = [f"{{code: {code}, name: {quoted(shown)}, type: 镇}}" for code, shown in (TOWN, (NEIGHBOUR[0], name))]
        text = FILES["params/county.yaml"].replace("roster.csv", f"[{', '.join(units)}]")
        write(county, "params/county.yaml", text)
    else:
        said = f"name: {quoted(name)}" if place == "override" else f"former_names: [{quoted(name)}]"
        write(county, f"params/units/{NEIGHBOUR[0]}.yaml", f"{said}\n")
    refused = [document for document, state in states(county).items() if state == "refused"]
    assert refused == [f"{number}-01-{NEIGHBOUR[0]}-单位{NEIGHBOUR[0]}-会议本" for number in ("附件3", "附件7")]
    assert main(["check", "--workspace", str(county)]) == ExitCode.DATA_REFUSED
    told = "".join(capsys.readouterr().out.split())
    assert f"[拒收]单位{NEIGHBOUR[0]}{YEAR}R-ROSTER-NAME" in told
    assert "请在params中改正名称" in told


def test_the_return_of_such_a_unit_counts_by_its_code(tmp_path: Path) -> None:
    """What it answered is part of the county's totals; only its own document has to wait for the name."""
    county = handmade(tmp_path / "county")
    write(county, "params/roster.csv", FILES["params/roster.csv"].replace(NEIGHBOUR[1], ODD[1]))
    put(county, "城关街道.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    examined = report.examine(parameters.load(county))
    assert NEIGHBOUR[0] in examined.received[YEAR]
    assert [finding.rule for finding in examined.of_unit(NEIGHBOUR[0], YEAR)] == ["R-ROSTER-NAME"]


def test_a_name_put_right_in_the_units_own_file_is_no_fault(tmp_path: Path) -> None:
    county = handmade(tmp_path / "county")
    write(county, "params/roster.csv", FILES["params/roster.csv"].replace(NEIGHBOUR[1], ODD[0]))
    write(county, f"params/units/{NEIGHBOUR[0]}.yaml", f"name: {NEIGHBOUR[1]}\n")
    params = parameters.load(county)
    assert (params.name_faults, params.unit(NEIGHBOUR[0]).name) == ({}, NEIGHBOUR[1])


def test_the_county_itself_must_have_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    county = handmade(tmp_path / "county")
    write(county, "params/county.yaml", FILES["params/county.yaml"].replace("青禾县", '"青禾\\u202e县"'))
    assert main(["check", "--workspace", str(county)]) == ExitCode.USAGE
    assert "U+202E" in capsys.readouterr().err


def test_a_set_is_built_whatever_the_names_of_units_and_places_are(tmp_path: Path) -> None:
    """A long name of characters beyond the BMP, apostrophes and other signs, a name that cannot be printed."""
    county = small_county()
    rare, signs = "𠙶" * 38 + "镇", "O'Brien & Ťhe 'Žluťoučký'"
    for code, name in zip(TOWNS, (rare, signs, "双\u202e塘镇"), strict=True):
        county.unit(code)["name"] = name
        for place in [place for place in county.answers if place.unit == code and place.variable == "unit_name"]:
            county.answers[place] = name
    answer = next(
        place for place in county.answers if place[:2] == (TOWNS[2], YEAR) and place.variable == "bas_villages"
    )
    county.answers[answer] = "ก12\U0001f600"
    workspace = county.write(tmp_path / "county")
    odd = workspace / "data/returns/2020/returns.csv"
    odd.rename(odd.with_name("往年\U0001f600.csv"))
    assert main(["build", "--workspace", str(workspace), "--jobs", "2", "--edition", "full"]) == ExitCode.DATA_REFUSED
    folder, internal = workspace / "reports/2021/full", workspace / "reports/2021/.internal"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    built = {each["unit_code"]: each["state"] for each in manifest["documents"]}
    assert built == {COUNTY: "complete", TOWNS[0]: "complete", TOWNS[1]: "complete", TOWNS[2]: "refused"}
    names = [openpyxl.load_workbook(path).active.title for path in folder.glob("退回核对表/*.xlsx")]
    assert names
    assert all(len(name.encode("utf-16-le")) <= 2 * LONGEST_SHEET_NAME for name in names)
    findings = list(csv.DictReader(io.StringIO((internal / "findings.csv").read_text(encoding="utf-8-sig"))))
    assert {"R-ROSTER-NAME", "R-FILE"} <= {finding["rule"] for finding in findings}
    assert any("\\u0e01" in finding["message"] for finding in findings)


# The table of what can be shown.


def test_the_table_is_made_of_the_typefaces() -> None:
    faces = [frozenset().union(*(characters(face) for face in chain(role))) for role in FACES]
    text = (SOURCE / "texts" / TABLE).read_text(encoding="ascii")
    assert text == table_of(frozenset.intersection(*faces)), "the typefaces have changed: run `make docs`"


def test_every_common_character_can_be_shown() -> None:
    common = [chr(point) for point in range(0x10000) if _COMMON.fullmatch(chr(point))]
    assert len(common) > 20_000
    assert not undrawable("".join(common[:-1]) + "\u202e").replace("\u202e", "")
    assert set(common) <= drawable()


@pytest.mark.parametrize("name", ODD)
def test_a_finding_can_be_shown_whatever_it_quotes(name: str) -> None:
    quoting = Finding(
        "V02", Severity.ERROR, name, name, unit_name=name, file=name, sheet=name, values=(name,), explanation=name
    )
    texts = (quoting.message, quoting.remedy, quoting.unit_name, quoting.file, quoting.sheet, *quoting.values)
    assert not undrawable("".join((*texts, quoting.explanation)))


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_shown_stands_there_by_its_number(name: str) -> None:
    assert undrawable(name)
    assert not undrawable(drawn(name))
    assert "\\" in drawn(name)
