"""A set is put on record when it goes out, if it is whole and as it was built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deliveries import Deliveries, change_returns, published_files, set_folder
from make_workspace import FINE, NAMES, REFUSED, YEAR, make_workspace
from stats import params as parameters
from stats.build.issuing import Issue, issue, to_json
from stats.build.state.sources import input_folders
from stats.cli import main
from stats.disclosure.issued import PLACE
from stats.errors import ExitCode, LockedError, ParamsError
from stats.params import Params

PAGE = f"附件3-01-{FINE}-{NAMES[FINE]}-会议本.html"


@pytest.fixture
def params(tmp_path: Path, deliveries: Deliveries) -> Params:
    """A county of one town with its set built."""
    params = make_workspace(tmp_path, codes=(FINE,))
    deliveries.build(params)
    return params


def records(params: Params) -> list[str]:
    return sorted(path.name for path in (params.workspace / PLACE).glob("*"))


def refusal(params: Params) -> ParamsError:
    with pytest.raises(ParamsError) as caught:
        issue(params)
    assert records(params) == []
    assert caught.value.remedy
    return caught.value


def test_a_whole_set_is_put_on_record(params: Params) -> None:
    found = issue(params)
    assert (found.file, found.is_new, found.exit_code) == (f"{PLACE}/{YEAR}-meeting-01.json", True, ExitCode.COMPLETE)
    assert records(params) == [f"{YEAR}-meeting-01.json"]


def test_to_put_a_set_on_record_touches_none_of_its_files(params: Params) -> None:
    before = published_files(set_folder(params.workspace))
    issue(params)
    assert published_files(set_folder(params.workspace)) == before


def test_the_record_of_a_set_is_the_same_bytes_each_time(params: Params) -> None:
    path = params.workspace / issue(params).file
    before = path.read_bytes()
    path.unlink()
    issue(params)
    assert path.read_bytes() == before


def test_the_same_figures_are_put_on_record_once(params: Params, deliveries: Deliveries) -> None:
    issue(params)
    deliveries.build(params)
    again = issue(params)
    assert (again.is_new, records(params)) == (False, [f"{YEAR}-meeting-01.json"])


def test_other_figures_are_the_next_issue(params: Params, deliveries: Deliveries) -> None:
    issue(params)
    change_returns(params.workspace, enlisted=9)
    deliveries.build(params)
    assert issue(params).file == f"{PLACE}/{YEAR}-meeting-02.json"


def test_the_full_edition_stays_in_the_house(params: Params) -> None:
    full = parameters.load(params.workspace, edition="full")
    assert "全本" in refusal(full).problem


def test_a_set_that_is_not_built_is_refused(params: Params) -> None:
    assert "stats build" in refusal(parameters.load(params.workspace, edition="public")).remedy


def test_a_set_with_a_changed_file_is_refused_by_its_name(params: Params) -> None:
    path = set_folder(params.workspace) / PAGE
    path.write_bytes(path.read_bytes() + b" ")
    assert PAGE in refusal(params).problem


def test_a_set_that_no_longer_says_what_the_data_say_is_refused(params: Params) -> None:
    change_returns(params.workspace, enlisted=9)
    assert "数据有变化" in refusal(params).problem


def test_a_set_with_a_document_that_failed_is_refused(params: Params, deliveries: Deliveries) -> None:
    deliveries.failure = "N-CELL"
    deliveries.build(params, force=True)
    change_returns(params.workspace, enlisted=9)
    deliveries.build(params)
    assert "失败" in refusal(params).problem


def test_a_set_of_which_one_unit_only_was_built_is_refused(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    deliveries.build(params, units=frozenset({FINE}))
    assert "尚未生成" in refusal(params).problem


def test_a_set_goes_out_with_a_page_in_the_place_of_a_refused_document(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE, REFUSED))
    deliveries.build(params)
    assert [NAMES[REFUSED] in name for name in issue(params).withheld] == [True]


def test_a_set_is_not_put_on_record_while_it_is_being_built(params: Params, deliveries: Deliveries) -> None:
    locked = []

    def try_to_issue(_: object) -> None:
        with pytest.raises((LockedError, ParamsError)) as caught:
            issue(params)
        locked.append(caught.type)

    deliveries.before = try_to_issue
    deliveries.build(params, force=True)
    assert LockedError in locked


def test_a_record_is_an_input_like_any_other() -> None:
    """So that a run notices one that comes or goes while it is at work, and looks again after one was added."""
    assert PLACE in input_folders([YEAR])


def test_a_set_is_looked_at_again_after_a_record_was_added(params: Params, deliveries: Deliveries) -> None:
    issue(params)
    deliveries.build(params)
    manifests = [path for path in params.workspace.rglob("manifest.json") if '"sources"' in path.read_text("utf-8")]
    (manifest,) = manifests
    inputs = json.loads(manifest.read_text("utf-8"))["sources"]["inputs"]
    assert f"{PLACE}/{YEAR}-meeting-01.json" in inputs


def test_the_command_says_where_the_record_is(params: Params, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["issue", "--workspace", str(params.workspace), "--json"]) == ExitCode.COMPLETE
    said = json.loads(capsys.readouterr().out)
    assert (said["record"], said["new"], said["withheld"]) == (f"{PLACE}/{YEAR}-meeting-01.json", True, [])
    assert main(["issue", "--workspace", str(params.workspace), "--edition", "full"]) == ExitCode.USAGE
    assert "全本" in capsys.readouterr().err


def test_the_record_for_machines_counts_what_is_shown_and_hidden(params: Params) -> None:
    found: Issue = issue(params)
    said = to_json(params, found)
    assert said["counts_hidden"] == len(found.record.hidden) > 0
    assert said["counts_shown"] == len(found.record.shown)
