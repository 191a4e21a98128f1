"""How each document stands, in the words an analyst reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deliveries import Deliveries, change_returns, internal_folder, published_files, returns_file, set_folder
from make_workspace import COUNTY, FINE, NAMES, REFUSED, UNREPORTED, make_workspace
from stats import params as parameters
from stats.build.state.build_state import Options
from stats.build.state.status import KIND_LABELS, Standing, Status, status, to_json
from stats.errors import ExitCode

CODES = (FINE, UNREPORTED, REFUSED)


@pytest.fixture
def params(tmp_path: Path) -> parameters.Params:
    return make_workspace(tmp_path, codes=CODES)


def look(params: parameters.Params, **options: object) -> Status:
    return status(parameters.load(params.workspace), Options(jobs=1, **options))  # type: ignore[arg-type]


def standing(found: Status, unit: str) -> Standing:
    return next(each for each in found.standings if each.unit_code == unit)


def test_before_the_first_run_everything_is_to_be_built_and_the_refused_unit_is_told(
    params: parameters.Params,
) -> None:
    found = look(params)
    assert [(each.unit_name, each.kind, each.why) for each in found.standings] == [
        ("云汀县", "stale", ("尚未生成",)),
        (NAMES[FINE], "stale", ("尚未生成",)),
        (NAMES[UNREPORTED], "stale", ("尚未生成",)),
        (NAMES[REFUSED], "stale", ("尚未生成",)),
        ("云汀县", "stale", ("尚未生成",)),
    ]
    assert standing(found, REFUSED).label == "有错误待核对，需要重做"
    assert found.exit_code == ExitCode.DATA_REFUSED


def test_looking_writes_nothing(params: parameters.Params) -> None:
    look(params)
    assert not (params.workspace / "reports").exists()


def test_after_a_run_every_document_is_up_to_date_or_says_why_not(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    deliveries.build(params)
    found = look(params)
    assert [each.kind for each in found.standings] == ["current", "current", "not_reported", "refused", "current"]
    assert standing(found, REFUSED).why == ("未通过 V02",)
    assert found.counts == {"current": 3, "not_reported": 1, "refused": 1}


def test_a_set_that_is_known_unchanged_and_one_that_is_looked_at_stand_the_same(
    params: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries.build(params)
    known = look(params)
    monkeypatch.setattr("stats.build.state.last_run.record", lambda *_, **__: None)
    assert look(params) == known


def test_a_changed_return_is_named_as_the_reason(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.build(params)
    change_returns(params.workspace)
    assert standing(look(params), FINE).why == ("数据有变化",)


def test_a_file_someone_changed_and_one_that_is_gone_are_named(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    deliveries.build(params)
    town = f"附件3-01-{FINE}-{NAMES[FINE]}-会议本"
    (set_folder(params.workspace) / f"{town}.html").write_text("手改", encoding="utf-8")
    (set_folder(params.workspace) / f"{town}.pdf").unlink()
    found = standing(look(params), FINE)
    assert (found.kind, found.why) == ("stale", ("html 文件被改动", "pdf 文件不见了"))


def test_a_format_not_built_yet_is_named(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.build(params, formats=("html",))
    assert standing(look(params), FINE).why == ("尚未生成 docx", "尚未生成 pdf")
    assert standing(look(params, formats=("html",)), FINE).kind == "current"


def test_a_return_that_came_in_makes_the_page_about_its_absence_stale(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    deliveries.build(params)
    path = returns_file(params.workspace)
    rows = [f"{UNREPORTED},{NAMES[UNREPORTED]},镇,2021,{period},5,4" for period in ("spring", "autumn")]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    assert standing(look(params), UNREPORTED).kind == "stale"
    deliveries.build(params)
    assert standing(look(params), UNREPORTED).kind == "current"


def test_a_failed_document_stands_as_failed_with_code_and_message(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    deliveries.failure = "N-CELL"
    deliveries.build(params)
    found = standing(look(params), FINE)
    assert (found.kind, found.why) == ("failed", ("N-CELL：坏了",))
    deliveries.failure = ""
    deliveries.build(params)
    assert standing(look(params), FINE).kind == "current"


def test_a_document_that_failed_when_forced_but_is_up_to_date_stands_as_such(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    """As a build sees it, which would leave it as it is."""
    deliveries.build(params)
    deliveries.failure = "N-CELL"
    deliveries.build(params, force=True)
    assert standing(look(params), FINE).kind == "current"
    deliveries.failure = ""
    deliveries.build(params)
    assert deliveries.made == []


def test_a_document_killed_on_its_way_is_to_be_built(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.build(params)
    ledger = internal_folder(params.workspace) / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    begun = next(line for line in lines if '"publishing"' in line and FINE in line)
    begun = re.sub(r'"sha256": "[0-9a-f]{4}', '"sha256": "0000', begun)
    ledger.write_text("\n".join([*lines, begun, ""]), encoding="utf-8")
    before = published_files(set_folder(params.workspace))
    assert standing(look(params), FINE).why == ("上次写到一半中断",)
    assert published_files(set_folder(params.workspace)) == before


def test_the_status_for_machines_counts_and_lists(params: parameters.Params, deliveries: Deliveries) -> None:
    deliveries.build(params)
    content = to_json(params, look(params), folder="reports/2021/meeting")
    assert content["counts"] == {"current": 3, "not_reported": 1, "refused": 1}
    assert content["documents"][0]["unit_code"] == COUNTY
    assert content["exit_code"] == 2


def test_every_kind_has_its_words() -> None:
    assert KIND_LABELS == {
        "current": "已是最新",
        "not_reported": "未上报，说明页已是最新",
        "stale": "需要重做",
        "failed": "上次失败",
        "refused": "待核对页已是最新",
    }
