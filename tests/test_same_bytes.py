"""The same inputs give the same bytes wherever, whenever and however they are built; a change costs what it changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest
from fontTools.ttLib import TTFont

import demo
from command import SOURCE, Command
from deliveries import internal_folder, leftovers, published_files, set_folder
from demo import CellKey
from small_county import TOWNS, small_county
from stats.errors import ExitCode
from stats.formats import SUFFIXES
from stats.present.blocks import MIME
from stats.publish.font_faces import FACES

pytestmark = pytest.mark.skipif(os.name != "posix", reason="time zones and locales as set here are POSIX")

# An answer that one town shows, and the county's document with it, but no other town.
# In no county figure that other towns are compared with, so that their documents stay as they are.
CHANGED = CellKey(TOWNS[0], 2021, "year", "sys_council_meetings")
HERE = {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "LANGUAGE": "tr_TR:zh_CN", "PYTHONHASHSEED": "2"}


def write_county(folder: Path, *, changed: bool = False) -> Path:
    """Three towns of the demonstration county, one answer of one of them changed perhaps."""
    county = small_county()
    if changed:
        county.answers[CHANGED] = str(int(county.answers[CHANGED]) + 1)
    return county.write(folder)


@dataclass(frozen=True)
class Built:
    """A set, and what the command said of it."""

    code: int
    answer: dict[str, Any]
    files: dict[str, bytes]

    @property
    def names(self) -> set[str]:
        return {each["name"] for each in self.answer["documents"] if each["built"]}


def build(
    workspace: Path, *options: str, surroundings: Mapping[str, str] = {}, umask: int = 0o022, before: str = ""
) -> Built:
    command = Command.build(
        workspace, "--json", *options, surroundings=surroundings, before=lambda: os.umask(umask) and None
    )
    output, errors = command.process.communicate(timeout=1800)
    assert command.left() + leftovers(workspace) == [], errors
    return Built(command.process.returncode, json.loads(output), published_files(set_folder(workspace)))


def own_taste(home: Path) -> dict[str, str]:
    """The surroundings of a user who draws in another way, and has other fonts by the names of ours."""
    fonts = home / ".local/share/fonts"
    fonts.mkdir(parents=True)
    face = TTFont(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans-Bold.ttf")
    for family in sorted({face.family for face in FACES.values()}):
        for record in (1, 4, 6, 16):
            face["name"].setName(family, record, 3, 1, 0x409)
        face.save(fonts / f"{family}.ttf")
    (home / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\naxes.grid: True\nfigure.dpi: 30\n")
    return {"HOME": str(home), "XDG_DATA_HOME": str(home / ".local/share"), "MATPLOTLIBRC": str(home / "matplotlibrc")}


def documents(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The files of each document by its name."""
    names = {Path(name).stem for name in files if name.endswith(".ipynb")}
    return {stem: {name: files[name] for name in files if Path(name).stem == stem} for stem in names}


def verified(workspace: Path, *options: str) -> int:
    command = [sys.executable, "-m", "stats", "verify", "--workspace", str(workspace), *options]
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(command, env=surroundings, capture_output=True, timeout=1800).returncode


# One answer is corrected: here the set is brought up to date, elsewhere it is built for the first time.


@dataclass(frozen=True)
class Corrected:
    workspace: Path
    before: Built
    after: Built
    elsewhere: Built


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    workspace = write_county(tmp_path_factory.mktemp("here") / "county")
    before = build(workspace, "--jobs", "1", surroundings=HERE)
    write_county(workspace, changed=True)
    after = build(workspace, "--jobs", "2", surroundings=HERE)
    far = write_county(tmp_path_factory.mktemp("elsewhere") / "另一个 文件夹", changed=True)
    elsewhere = build(far, "--jobs", "2", surroundings={**ELSEWHERE, **own_taste(far.parent / "home")}, umask=0o077)
    return Corrected(workspace, before, after, elsewhere)


def test_a_set_brought_up_to_date_here_has_the_bytes_of_one_built_whole_elsewhere(corrected: Corrected) -> None:
    assert (corrected.after.code, corrected.elsewhere.code) == (ExitCode.COMPLETE, ExitCode.COMPLETE)
    assert corrected.after.files.keys() == corrected.elsewhere.files.keys()
    different = [name for name, content in corrected.after.files.items() if corrected.elsewhere.files[name] != content]
    assert different == []
    every = {Path(name).suffix for name in corrected.after.files}
    assert every == {".json", ".csv", *(f".{suffix}" for suffix in SUFFIXES)}
    assert {"manifest.json", "index.html", "合订本-会议本.pdf"} <= corrected.after.files.keys()


def test_a_corrected_answer_rebuilds_exactly_the_documents_that_come_out_differently(corrected: Corrected) -> None:
    old, new = documents(corrected.before.files), documents(corrected.elsewhere.files)
    different = {name for name in new if old[name] != new[name]}
    assert corrected.after.names == different
    assert any(TOWNS[0] in name for name in different)
    assert {name for name in new if name not in different and any(code in name for code in TOWNS[1:])}


def test_a_set_agrees_with_its_manifest(corrected: Corrected) -> None:
    assert verified(corrected.workspace) == ExitCode.COMPLETE


def test_a_reporting_town_has_a_chart_and_every_count_is_that_of_its_document(corrected: Corrected) -> None:
    manifest = json.loads((internal_folder(corrected.workspace) / "manifest.json").read_bytes())
    counted = {entry["name"]: (entry["images"], entry["tables"]) for entry in manifest["documents"]}
    found = {name: blocks_in(files) for name, files in documents(corrected.after.files).items()}
    assert {name: counted[name] for name in found} == found
    assert {name[:3] for name in counted.keys() - found} == {"附件6"}  # the workbook alone has no notebook
    assert {images for name, (images, _) in counted.items() if name.startswith("附件3")} == {1}
    assert manifest["images"] == sum(images for images, _ in counted.values())
    assert manifest["tables"] == sum(tables for _, tables in counted.values())


def blocks_in(files: Mapping[str, bytes]) -> tuple[int, int]:
    """How many charts and tables the outputs of a document's notebook hold, groups opened."""
    (content,) = (content for name, content in files.items() if name.endswith(".ipynb"))
    notebook = nbformat.reads(content.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    kinds = Counter(kind for output in outputs for kind in kinds_of(output.get("data", {}).get(MIME)))
    return kinds["chart"], kinds["table"]


def kinds_of(block: Any) -> Iterator[str]:
    if block is not None:
        yield block["kind"]
        for part in block.get("blocks", ()):
            yield from kinds_of(part)


# The whole demonstration county, one thing different at a time.


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_demonstration(tmp_path_factory.mktemp("plain") / "demo", "--jobs", "2")


def build_demonstration(folder: Path, *options: str, **settings: Any) -> Built:
    demo.write(folder)
    found = build(folder, *options, **settings)
    assert found.code == ExitCode.DATA_REFUSED  # one of its towns is refused, another sent nothing
    return found


def locales() -> Sequence[str]:
    """Every kind of locale this machine has."""
    found = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
    wanted = ("C", "C.utf8", "POSIX", "tr_TR.utf8", "zh_CN.utf8", "zh_CN.gb18030", "de_DE.utf8")
    return [name for name in wanted if name in found]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("options", "surroundings"),
    [
        pytest.param(("--jobs", "1"), {}, id="one worker"),
        pytest.param(("--jobs", "8"), {}, id="eight workers"),
        pytest.param((), {"TZ": "Asia/Shanghai"}, id="Shanghai"),
        pytest.param((), {"TZ": "America/New_York"}, id="New York"),
        pytest.param((), {"PYTHONHASHSEED": "1"}, id="hash seed 1"),
        pytest.param((), {"PYTHONHASHSEED": "2"}, id="hash seed 2"),
        pytest.param((), {"HOME": "no such home"}, id="no home"),
        pytest.param(("--engine", "stock"), {}, id="stock kernels"),
        *(pytest.param((), {"LC_ALL": name, "LANG": name}, id=name) for name in locales()),
    ],
)
def test_the_demonstration_county_has_the_same_bytes(
    options: Sequence[str], surroundings: Mapping[str, str], tmp_path: Path, demonstration: Built
) -> None:
    found = build_demonstration(tmp_path / "demo", *options, surroundings=surroundings)
    assert found.files == demonstration.files


@pytest.mark.soak
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_demonstration_county_has_the_same_bytes_whoever_may_read_them(
    umask: int, tmp_path: Path, demonstration: Built
) -> None:
    assert build_demonstration(tmp_path / "演示 县", umask=umask).files == demonstration.files


@pytest.mark.soak
@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write where nobody may")
def test_the_demonstration_county_has_the_same_bytes_with_a_home_that_cannot_be_written(
    tmp_path: Path, demonstration: Built
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    found = build_demonstration(tmp_path / "demo", surroundings={"HOME": str(home)})
    assert found.files == demonstration.files
    assert list(home.iterdir()) == []


@pytest.mark.soak
def test_a_set_built_town_by_town_in_any_order_has_the_same_documents(tmp_path: Path, demonstration: Built) -> None:
    workspace = tmp_path / "demo"
    demo.write(workspace)
    codes = sorted({entry["unit_code"] for entry in demonstration.answer["documents"]}, reverse=True)
    for code in codes[::5]:
        build(workspace, "--unit", code)
    found = build(workspace)
    assert found.files == demonstration.files
    assert len(found.names) < len(documents(demonstration.files))


@pytest.mark.soak
def test_the_demonstration_county_built_again_is_found_the_same(tmp_path: Path, demonstration: Built) -> None:
    workspace = tmp_path / "demo"
    build_demonstration(workspace)
    assert verified(workspace) == ExitCode.COMPLETE
    assert verified(workspace, "--rebuild") == ExitCode.COMPLETE
