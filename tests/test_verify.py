"""A published set against its manifest, and against the same set built again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from deliveries import Deliveries, Unwatched, internal_folder, leftovers, published_files, set_folder
from make_workspace import FINE, NAMES, make_workspace
from stats import params as parameters
from stats.build.state.build_state import Options
from stats.build.verify import Verification, rebuild, to_json, verify
from stats.errors import ExitCode, LockedError, ParamsError

PAGE = f"附件3-01-{FINE}-{NAMES[FINE]}-会议本.html"


@pytest.fixture
def params(tmp_path: Path, deliveries: Deliveries) -> parameters.Params:
    """A county of one town with its set built."""
    params = make_workspace(tmp_path, codes=(FINE,))
    deliveries.build(params)
    return params


@pytest.fixture
def folder(params: parameters.Params) -> Path:
    return set_folder(params.workspace)


def differences(found: Verification) -> list[tuple[str, str]]:
    return [(each.path, each.kind) for each in found.differences]


def built_again(params: parameters.Params) -> Verification:
    return rebuild(params, Options(jobs=1), Unwatched())


def test_an_untouched_set_agrees_with_its_manifest(params: parameters.Params) -> None:
    found = verify(params)
    # three documents of four files, the table of indicators, the index page and the volume
    assert (found.files, differences(found), found.exit_code) == (3 * 4 + 3, [], ExitCode.COMPLETE)


@pytest.mark.parametrize("name", [PAGE, "index.html", "data/indicators.csv"])
def test_a_changed_file_is_named(params: parameters.Params, folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    found = verify(params)
    assert (differences(found), found.exit_code) == ([(name, "changed")], ExitCode.RUN_FAILED)


def test_a_changed_file_of_the_same_size_and_time_stamp_is_named(params: parameters.Params, folder: Path) -> None:
    """What the quick look of a build cannot see."""
    before = (folder / PAGE).stat().st_mtime_ns
    (folder / PAGE).write_bytes((folder / PAGE).read_bytes()[:-1] + b"x")
    os.utime(folder / PAGE, ns=(before, before))
    assert differences(verify(params)) == [(PAGE, "changed")]


def test_a_missing_file_is_named(params: parameters.Params, folder: Path) -> None:
    (folder / PAGE).unlink()
    assert differences(verify(params)) == [(PAGE, "missing")]


@pytest.mark.parametrize("name", ["附件9.pdf", "data/多余.csv", ".x.part", "新文件夹/a.txt"])
def test_a_file_the_manifest_does_not_name_is_named(params: parameters.Params, folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("多余", encoding="utf-8")
    assert differences(verify(params)) == [(name, "extra")]


def test_a_link_in_the_place_of_a_file_is_not_followed_out_of_the_set(
    params: parameters.Params, folder: Path, tmp_path: Path
) -> None:
    (folder / PAGE).rename(tmp_path / "moved.html")
    (folder / PAGE).symlink_to(tmp_path / "moved.html")
    assert differences(verify(params)) == [(PAGE, "irregular")]


def test_old_files_of_a_failed_document_are_no_difference(
    params: parameters.Params, folder: Path, deliveries: Deliveries
) -> None:
    deliveries.failure = "N-CELL"
    deliveries.build(params, force=True)
    assert differences(verify(params)) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 1}',
        '{"format": 2}',
        '{"format": 2, "files": null, "documents": []}',
        '{"format": 2, "files": {}, "documents": [{"name": "甲"}]}',
        '{"format": 2, "files": {}, "documents": "甲"}',
        '{"format": 2, "files": {}, "documents": [{"files": [], "stale": {}}]}',
    ],
)
def test_a_manifest_that_cannot_be_read_is_named_with_what_to_do(
    params: parameters.Params, folder: Path, content: str
) -> None:
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ParamsError, match=r"manifest\.json") as caught:
        verify(params)
    assert "stats build" in caught.value.remedy


def test_without_a_manifest_there_is_nothing_to_verify(params: parameters.Params, folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(ParamsError, match=r"manifest\.json"):
        verify(params)


def test_a_set_built_again_is_the_same_byte_for_byte(params: parameters.Params, folder: Path) -> None:
    before = published_files(folder)
    found = built_again(params)
    assert (found.rebuilt, found.files, differences(found)) == (True, len(before), [])


def test_building_again_leaves_the_published_set_and_nothing_else(params: parameters.Params, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    built_again(params)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before
    assert leftovers(params.workspace) == []


def test_a_document_that_comes_out_differently_is_named(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.text = "二"
    found = built_again(params)
    lying = published_files(set_folder(params.workspace))
    documents = {name for name in lying if name.endswith((".html", ".pdf", ".docx", ".ipynb"))} - {"index.html"}
    # the manifest names the files by their bytes, so it differs with them
    assert set(differences(found)) == {(name, "differs") for name in (*documents, "manifest.json")}
    assert PAGE in documents
    assert found.exit_code == ExitCode.RUN_FAILED


def test_a_file_added_or_taken_away_is_seen_when_the_set_is_built_again(
    params: parameters.Params, folder: Path
) -> None:
    (folder / PAGE).rename(folder / "附件9.html")
    assert differences(built_again(params)) == [("附件9.html", "not_rebuilt"), (PAGE, "missing")]


def test_what_a_killed_comparison_left_is_removed_by_the_next(params: parameters.Params, folder: Path) -> None:
    rebuilt = internal_folder(params.workspace) / "rebuilt/2021/meeting"
    shutil.copytree(folder, rebuilt)
    (rebuilt / "附件9.html").write_text("旧", encoding="utf-8")
    assert differences(built_again(params)) == []
    assert leftovers(params.workspace) == []


def test_two_comparisons_at_once_are_one_too_many(params: parameters.Params, deliveries: Deliveries) -> None:
    locked: list[str] = []

    def try_too(_: object) -> None:
        if not locked:
            with pytest.raises(LockedError) as caught:
                built_again(params)
            locked.append(caught.value.problem)

    deliveries.before = try_too
    assert differences(built_again(params)) == []
    assert len(locked) == 1


def test_the_verification_for_machines_lists_every_difference(params: parameters.Params, folder: Path) -> None:
    (folder / PAGE).unlink()
    content = to_json(params, verify(params), folder="reports/2021/meeting")
    assert json.loads(json.dumps(content))["differences"] == [{"path": PAGE, "kind": "missing"}]
    assert (content["exit_code"], content["rebuilt"], content["files"]) == (3, False, 15)
