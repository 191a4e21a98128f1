"""A document that has lost charts or tables since it was last published is told of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deliveries import Deliveries, Unwatched, change_returns
from make_workspace import BROKEN, FINE, make_workspace
from stats import params as parameters
from stats.build.console import fewer_lines, result_summary, show_result
from stats.build.documents.job import Job, Outcome
from stats.build.run import build, to_json
from stats.build.state.build_state import Options
from stats.build.state.content_regressions import ContentRegressions, fewer
from stats.build.state.ledger import Publication


@dataclass
class Losing(Deliveries):
    """Delivers one town's document with so many charts."""

    charts: int = 8

    def _outcome(self, job: Job) -> Outcome:
        return replace(super()._outcome(job), images=self.charts if job.unit == FINE else 8)


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> Losing:
    given = Losing()
    monkeypatch.setattr("stats.build.processes.workers.team", given.team)
    return given


@pytest.fixture
def params(tmp_path: Path) -> parameters.Params:
    return make_workspace(tmp_path, codes=(FINE, BROKEN))


def test_a_document_that_lost_a_chart_is_named_with_both_counts(
    params: parameters.Params, losing: Losing, capsys: pytest.CaptureFixture[str]
) -> None:
    assert losing.build(params).fewer == ()
    change_returns(params.workspace)
    losing.charts = 7
    result = losing.build(params)
    name = next(entry.name for entry in result.entries if entry.unit_code == FINE)
    assert result.fewer == (ContentRegressions(name, "images", 8, 7),)
    assert to_json(params, result, folder="", internal="")["fewer"] == [
        {"document": name, "what": "images", "before": 8, "now": 7}
    ]
    assert "其中 1 份的图或表比上次少" in result_summary(result)
    show_result(result, folder="", internal="")
    assert f"[提示] {name} 有图 7 个，上次发布时有 8 个" in capsys.readouterr().out


def test_a_chart_more_is_nothing_to_tell_of(params: parameters.Params, losing: Losing) -> None:
    losing.build(params)
    change_returns(params.workspace)
    losing.charts = 9
    assert losing.build(params).fewer == ()


def test_a_document_that_was_not_built_now_is_not_told_of_again(params: parameters.Params, losing: Losing) -> None:
    losing.build(params)
    change_returns(params.workspace)
    losing.charts = 7
    losing.build(params)
    assert build(params, Options(jobs=1), Unwatched()).fewer == ()


def publication(state: str, images: int) -> Publication:
    return Publication("附件3-01", state, {}, {}, images=images, tables=11)


def test_the_page_of_a_town_that_sent_nothing_this_time_has_lost_nothing() -> None:
    assert fewer(publication("complete", 8), publication("not_reported", 0)) == []
    assert fewer(None, publication("complete", 8)) == []


def test_what_was_lost_is_told_in_one_line_of_problem_and_one_of_remedy() -> None:
    problem, remedy = fewer_lines(ContentRegressions("附件3-01", "tables", 11, 10))
    assert "表 10 个" in problem
    assert remedy.startswith("  处理办法：")
