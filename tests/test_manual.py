"""The manual, tried word for word: a county's first year from its own files, and the step into the second."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conftest import make_rows
from filled_forms import filled
from stats.params import load
from summary_tables import YEAR as LAST_YEAR
from test_importing import COUNTY, NAMES, as_book, blanked, whole_table

pexpect = pytest.importorskip("pexpect", reason="terminals of this kind are not there on Windows")

ROOT = Path(__file__).resolve().parents[1]
MANUAL = (ROOT / "docs/手册.md").read_text(encoding="utf-8")
YEAR = LAST_YEAR + 1
LONGEST = 300  # seconds
QUESTION = "［是／否］"


def blocks(language: str) -> list[str]:
    """The fenced blocks of the manual in this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every command line of the manual that is run in one's own folder, in its order."""
    return [line for block in blocks("sh") for line in block.splitlines()]


@dataclass
class Desk:
    """A person at a terminal: what was typed and answered, and where they are."""

    folder: Path
    home: Path
    typed: list[str] = field(default_factory=list)
    answers: int = 0

    def type(self, line: str) -> tuple[int, str]:
        """Run a line as it stands; a question is answered with 是. The exit code and what the screen showed."""
        if line.startswith("cd "):
            self.folder = (self.folder / line[3:]).resolve(strict=True)
            return 0, ""
        self.typed.append(line)
        surroundings = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
        }
        terminal = pexpect.spawn(
            "/bin/sh",
            ["-c", line],
            cwd=self.folder,
            env=surroundings,
            encoding="utf-8",
            timeout=LONGEST,
            dimensions=(50, 200),
        )
        shown = ""
        while terminal.expect([re.escape(QUESTION), pexpect.EOF]) == 0:
            shown += terminal.before
            self.answers += 1
            terminal.sendline("是")
        shown += terminal.before
        terminal.close()
        return terminal.exitstatus, shown

    def do(self, line: str) -> str:
        """The same; it ends well."""
        code, shown = self.type(line)
        assert code == 0, f"{line} → {code}\n{shown}"
        return shown


def fill_in(workspace: Path, year: int) -> int:
    """The towns and the county fill in their forms, and send them back; how many files that are."""
    place = workspace / f"data/returns/{year}"
    forms = sorted((workspace / f"data/forms/{year}").glob("9*.xlsx"))
    for form in forms:
        code, name = form.stem.split("-")
        kind = "县级本级" if code == COUNTY else "镇"
        rows = [{**row, "unit_type": kind} for row in make_rows(unit=(code, name), year=year)]
        if code == COUNTY:
            rows = [row for row in make_rows(unit=(COUNTY, name), year=year) if row["period"] == "year"]
        (place / form.name).write_bytes(filled(form.read_bytes(), rows, year=year))
    return len(forms)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A new folder with what a county has on the first day: a roster in GB18030, last year's table."""
    folder = tmp_path_factory.mktemp("desk")
    home = tmp_path_factory.mktemp("home")
    kinds = {"0": "街道", "1": "镇", "2": "乡"}
    roster = "".join(f"{code},{name},{kinds[code[6]]}\n" for code, name in NAMES.items())
    (folder / "名册.csv").write_text("代码,名称,类型\n" + roster, encoding="gb18030")
    (folder / f"{LAST_YEAR}年汇总表.xlsx").write_bytes(as_book(blanked(whole_table(), 2)))
    return Desk(folder, home)


def test_the_whole_first_year_and_the_second_with_the_manuals_own_words(desk: Desk) -> None:
    own = desk.folder / "我的县"
    files = 2  # the roster and last year's table
    counted = {}
    for line in commands():
        shown = desk.do(line)
        if line.startswith("stats new"):
            (own / f"params/targets/{YEAR}.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
        elif line == "stats form":
            files += fill_in(own, YEAR)
        elif line == "stats build":
            counted = {"commands": len(desk.typed), "confirmations": desk.answers, "files": files}
        elif line.startswith("stats import"):
            assert "采用 102 列" in shown
    # The first set: new, import, form, check, build; one confirmation; no line of any file edited but the targets.
    assert counted == {"commands": 5, "confirmations": 1, "files": 2 + len(NAMES) + 1}
    published = own / f"reports/{YEAR}/meeting"
    told = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["state"] for entry in told["documents"]} == {"complete"}
    assert has_last_year(published)

    # The second year: the step itself was the manual's last command.
    params = load(own)
    assert params.year == YEAR + 1
    assert {target.carried for target in params.targets[YEAR + 1].values()} == {YEAR}
    desk.do("stats form")
    fill_in(own, YEAR + 1)
    assert "尚未确认" in desk.do("stats check")
    desk.do("stats build")
    desk.do("stats verify")
    assert has_last_year(own / f"reports/{YEAR + 1}/meeting")


def has_last_year(published: Path) -> bool:
    """Whether figures are compared with the year before: what was imported counts as last year's return."""
    with (published / "data/indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return any(row["yoy"] for row in rows if row["unit_code"] != COUNTY)


def test_a_new_workspace_asks_for_county_code_and_roster_on_a_terminal(desk: Desk, tmp_path: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位代码,单位名称,单位类型\n990118100000,澜溪镇,镇\n", encoding="utf-16")
    terminal = pexpect.spawn(
        sys.executable,
        ["-P", "-m", "stats", "new", "县"],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(desk.home)},
        encoding="utf-8",
        timeout=60,
    )
    for question, answer in (("名称？", "云汀县"), ("代码？", "990118"), ("名册文件？", "名册.csv")):
        terminal.expect(question)
        terminal.sendline(answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert [unit.name for unit in load(tmp_path / "县").units] == ["澜溪镇"]


def test_every_command_the_manual_names_exists() -> None:
    from stats.cli import app  # its commands put themselves into it

    known = {command.name for command in app.registered_commands}
    named = set(re.findall(r"`stats ([a-z]+)", MANUAL)) | {line.split()[1] for line in commands() if "stats" in line}
    assert named <= known, named - known
    assert {"new", "import", "form", "check", "build", "status", "verify", "issue", "year"} <= named


def test_the_manuals_roster_of_changed_towns_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (roster,) = blocks("csv")
    roster += "990118103000,青筠镇,镇,,,,\n990118104000,青竹街道,街道,,2025,,\n"
    (tmp_path / "params/roster.csv").write_text(roster, encoding="utf-8")
    settings = f"county: {{code: {COUNTY}, name: 云汀县}}\nyear: 2025\nunits: roster.csv\n{blocks('yaml')[1]}"
    (tmp_path / "params/county.yaml").write_text(settings, encoding="utf-8")
    params = load(tmp_path)
    due = [unit.name for unit in params.due(2025)]
    assert due == ["槐荫渡镇", "青筠镇", "青竹街道", "栖凤岭镇", "苇塘坳镇"]
    assert {unit.name for unit in params.due(2024)} == {"槐荫渡镇", "青筠镇", "栖凤岭镇", "石㙍乡", "苇塘坳乡"}
    broken = [unit.name for unit in params.due(2024) if not params.comparable(year=2025, unit=unit.code, indicator="")]
    assert broken == ["槐荫渡镇", "青筠镇"]
