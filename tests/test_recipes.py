"""The recipes of CONTRIBUTING.md, followed with the examples that stand in them and nothing else."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest

from deliveries import change_returns
from make_workspace import COUNTY, FINE, YEAR, make_workspace
from stats.errors import ExitCode

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(r"^   ```(?:python|toml)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
EXAMPLE, SUFFIXES = "附件9-示例-全本", ("html", "pdf", "docx", "txt", "ipynb")
EDITION = ("--edition", "full")


def examples(recipe: str) -> list[str]:
    """The examples that stand in a recipe."""
    (text,) = re.findall(rf"^## {recipe}\n(.*?)^## ", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M | re.S)
    return [textwrap.dedent(found) for found in FENCE.findall(text)]


def add_to(file: Path, name: str, entry: str) -> None:
    """Put an entry at the end of the tuple of this name."""
    text = file.read_text(encoding="utf-8")
    before, opening, after = text.partition(next(re.finditer(rf"^{name}\b.*= \(\n", text, re.M))[0])
    inside, closing, rest = after.partition("\n)\n")
    whole = f"{before}{opening}{inside}\n{textwrap.indent(entry.rstrip(), '    ')}{closing}{rest}"
    file.write_text(whole, encoding="utf-8")


@dataclass(frozen=True)
class House:
    """A copy of the library to which things are added, and a county that uses it."""

    folder: Path
    county: Path

    @property
    def library(self) -> Path:
        return self.folder / "src/stats"

    @property
    def set(self) -> Path:
        return self.county / f"reports/{YEAR}/full"

    def run(self, *words: str, code: ExitCode = ExitCode.COMPLETE) -> str:
        """What a module says as a command."""
        surroundings = {**os.environ, "PYTHONPATH": str(self.folder / "src")}
        command = [sys.executable, "-m", *words]
        done = subprocess.run(command, cwd=self.county, env=surroundings, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def build(self, *options: str, code: ExitCode = ExitCode.COMPLETE) -> str:
        return self.run("stats", "build", *EDITION, "--unit", COUNTY, "--jobs", "1", *options, code=code)

    def status(self) -> dict[str, dict[str, object]]:
        """How each document of the county stands, by name."""
        told = json.loads(self.run("stats", "status", *EDITION, "--json"))
        return {each["name"]: each for each in told["documents"] if each["unit_code"] == COUNTY}

    def set_cover(self, call: str) -> None:
        """Copy the county's notebook as that of the example, with this call for its cover."""
        notebook = nbformat.read(self.folder / "notebooks/county.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        (cell,) = [cell for cell in notebook.cells if cell.source == "present.cover(county)"]
        cell.source = call
        nbformat.write(notebook, self.folder / "notebooks/example.ipynb")  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """All four recipes followed, and the county's documents built."""
    folder = tmp_path_factory.mktemp("house")
    made = House(folder, folder / "county")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src/stats", made.library, ignore=ignored)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=ignored)
    shutil.copy(ROOT / "requirements.lock", folder)
    make_workspace(made.county, codes=(FINE,))
    shutil.rmtree(made.county / "notebooks")
    parameters = made.county / "params/county.yaml"
    given = parameters.read_text(encoding="utf-8")
    parameters.write_text(given.replace("quality]", "quality, example]"), encoding="utf-8")
    (indicator,) = examples("Add an indicator")
    (check,) = examples("Add a check")
    (document,) = examples("Add a document")
    writer, form, _ = examples("Add a format")
    add_to(made.library / "catalogue/indicators/recruitment.py", "INDICATORS", indicator)
    add_to(made.library / "catalogue/checks.py", "CHECKS", check)
    add_to(made.library / "documents.py", "DOCUMENTS", document)
    add_to(made.library / "formats.py", "FORMATS", form)
    (made.library / "publish/txt.py").write_text(writer, encoding="utf-8")
    made.set_cover('present.cover(county, "example")')
    made.build()
    return made


def test_a_new_indicator_is_printed_and_written(house: House) -> None:
    with (house.set / "data/indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if (row["unit_code"], row["indicator"]) == (FINE, "REC-99")]
    assert (row["indicator_name"], row["display"]) == ("示例占比", "80.0")  # 4 of 5
    assert "示例占比" in (house.set / "附件2-全县统计汇总-全本.html").read_text(encoding="utf-8")


def test_a_new_check_finds_what_breaks_it(house: House) -> None:
    found = (house.set.parent / ".internal/findings.csv").read_text(encoding="utf-8-sig")
    (line,) = [line for line in found.splitlines() if "V99" in line]
    assert "征集新兵数不应大于大学生数" in line


def test_a_new_document_is_made_in_every_format_named_in_the_manifest_and_linked(house: House) -> None:
    manifest = json.loads((house.set / "manifest.json").read_bytes())
    (entry,) = [entry for entry in manifest["documents"] if entry["name"] == EXAMPLE]
    assert (entry["number"], entry["state"]) == ("附件9", "complete")
    assert set(entry["files"]) == {f"{EXAMPLE}.{suffix}" for suffix in SUFFIXES}
    index = (house.set / "index.html").read_text(encoding="utf-8")
    for suffix in SUFFIXES:
        assert (house.set / f"{EXAMPLE}.{suffix}").stat().st_size
        assert f'<a href="{quote(f"{EXAMPLE}.{suffix}")}">' in index
    assert ">文本</a>" in index


def test_a_new_format_holds_every_document_and_is_verified(house: House) -> None:
    text = (house.set / f"{EXAMPLE}.txt").read_text(encoding="utf-8")
    assert text.startswith(f"云汀县{YEAR}年度党管武装工作统计示例\n")
    assert {path.stem for path in house.set.glob("*.txt")} == {path.stem for path in house.set.glob("附件*.pdf")}
    house.run("stats", "verify", *EDITION)
    (house.set / f"{EXAMPLE}.txt").write_text("改", encoding="utf-8")
    assert f"{EXAMPLE}.txt" in house.run("stats", "verify", *EDITION, code=ExitCode.RUN_FAILED)
    (house.set / f"{EXAMPLE}.txt").write_text(text, encoding="utf-8")


def test_a_new_format_can_be_chosen_and_is_an_exporter_of_nbconvert(house: House, tmp_path: Path) -> None:
    assert "html、pdf、docx、txt" in house.run("stats", "build", "--help")
    exporter = "stats.publish.exporters.AppendixTXTExporter"
    printed = house.set / f"{EXAMPLE}.ipynb"
    house.run("nbconvert", "--to", exporter, "--output-dir", str(tmp_path), str(printed))
    assert (tmp_path / f"{EXAMPLE}.txt").read_bytes() == (house.set / f"{EXAMPLE}.txt").read_bytes()


def test_a_new_document_is_stale_after_a_change_of_its_notebook_or_of_what_it_shows(house: House) -> None:
    assert {each["kind"] for each in house.status().values()} == {"current"}
    house.set_cover('present.cover(county,  "example")')
    stale = {name: each["why"] for name, each in house.status().items() if each["kind"] == "stale"}
    assert stale == {EXAMPLE: ["笔记本有变化"]}
    house.set_cover('present.cover(county, "example")')
    change_returns(house.county)
    assert house.status()[EXAMPLE]["why"] == ["数据有变化"]


def test_a_document_whose_cover_says_another_is_refused_by_name(house: House) -> None:
    house.set_cover("present.cover(county)")
    told = house.build("--format", "html", code=ExitCode.RUN_FAILED)
    house.set_cover('present.cover(county, "example")')
    heading = f"云汀县{YEAR}年度党管武装工作统计汇总和位次"
    assert f"封面印的是“附件2 {heading}”，应为“附件9 …党管武装工作统计示例”" in told
    assert 'present.cover(county, "example")' in told


def test_a_format_without_its_writer_stops_the_build_before_anything_is_published(house: House) -> None:
    writer = house.library / "publish/txt.py"
    before = {path.name: path.read_bytes() for path in house.set.iterdir() if path.is_file()}
    writer.rename(writer.with_suffix(".away"))
    told = house.build("--force", code=ExitCode.ENVIRONMENT)
    writer.with_suffix(".away").rename(writer)
    assert "不能生成文本" in told
    assert {path.name: path.read_bytes() for path in house.set.iterdir() if path.is_file()} == before
