"""合订本: one PDF of the whole set, numbered twice, tagged, and there only while every document is."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypdf
import pytest

from deliveries import Deliveries, Unwatched, change_returns, internal_folder, set_folder
from make_workspace import FINE, make_workspace
from publish_samples import COVER, rich_notebook, table
from stats import publish
from stats.build.run import Result, build
from stats.build.state.build_state import Options
from stats.errors import PublishError
from stats.present.blocks import Heading, Paragraph
from stats.publish import Document, binding
from stats.publish.pdf import make_bound

VOLUME = "合订本-会议本.pdf"
SHORT = Document(replace(COVER, attachment="附件4", title="数据质量报告"), (Heading("一、上报"), Paragraph("甲。")))
TURNED = Document(replace(COVER, attachment="附件2", title="全县汇总"), (Heading("一、汇总"), table(landscape=True)))


@lru_cache(maxsize=1)
def volume() -> bytes:
    return make_bound([publish.document(rich_notebook()), SHORT, TURNED, SHORT], "云岭县2021年度统计附件合订本")


def reader() -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(volume()))


def bookmarks(found: list[Any], level: int = 1) -> list[tuple[int, str, int]]:
    """Level, title and page of each bookmark."""
    told = []
    for each in found:
        if isinstance(each, list):
            told += bookmarks(each, level + 1)
        else:
            told.append((level, each.title, int(reader().get_destination_page_number(each)) + 1))
    return told


def starts() -> list[int]:
    return [page for level, title, page in bookmarks(reader().outline) if level == 1 and title != "目录"]


def test_bookmarks_have_two_levels_and_lead_to_every_document() -> None:
    found = bookmarks(reader().outline)
    assert {level for level, _, _ in found} == {1, 2}
    titles = [title for level, title, _ in found if level == 1]
    assert [title.split()[0] for title in titles] == ["目录", "附件3-07", "附件4", "附件2", "附件4"]
    assert [title for level, title, _ in found if level == 2][-1] == "一、上报"


def test_each_document_begins_on_an_odd_page_with_its_own_number_one() -> None:
    assert len(starts()) == 4
    for page in starts():
        text = reader().pages[page - 1].extract_text()
        assert page % 2 == 1
        assert "— 1 —" in text
        assert f"总第{page}页" in text


def test_page_left_blank_has_no_number() -> None:
    after_short = starts()[2] - 1
    assert after_short % 2 == 0
    assert "—" not in reader().pages[after_short - 1].extract_text()


def test_list_names_every_document_with_its_page() -> None:
    lines = reader().pages[0].extract_text()
    assert "目录" in lines
    for page in starts():
        assert str(page) in lines
    assert "附件2 全县汇总" in lines


def test_volume_is_tagged_titled_and_the_same_every_time() -> None:
    assert reader().trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader().metadata.title == "云岭县2021年度统计附件合订本"  # type: ignore[union-attr]
    assert (
        make_bound([publish.document(rich_notebook()), SHORT, TURNED, SHORT], "云岭县2021年度统计附件合订本")
        == volume()
    )


def test_binder_says_in_a_line_why_there_is_no_volume(tmp_path: Path) -> None:
    broken = tmp_path / "附件.ipynb"
    broken.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8")
    with pytest.raises(PublishError, match="合订本没有做成：笔记本没有运行到最后"):
        binding.bind([broken], "合订本", 60)
    with pytest.raises(PublishError, match="合订本没有做成"):
        binding.bind([broken], "合订本", 0.01)


def test_whole_set_has_its_volume_on_record_and_keeps_it_while_nothing_changes(tmp_path: Path) -> None:
    params = make_workspace(tmp_path / "county", codes=(FINE,))

    def built(**options: Any) -> Result:
        return build(params, Options(jobs=1, formats=("pdf",), **options), Unwatched())

    assert not built().failures
    path = set_folder(params.workspace) / VOLUME
    titles = [each.title for each in pypdf.PdfReader(path).outline if not isinstance(each, list)]  # type: ignore[union-attr]
    assert len(titles) == 1 + len(list(path.parent.glob("附件*.pdf")))
    assert VOLUME in json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert f'href="{quote(VOLUME)}"' in (path.parent / "index.html").read_text(encoding="utf-8")
    before = path.stat().st_mtime_ns, path.read_bytes()
    (internal_folder(params.workspace) / "failures.json").unlink()
    built(units=frozenset([FINE]))
    assert path.read_bytes() == before[1]


@pytest.fixture
def whole(tmp_path: Path, deliveries: Deliveries) -> Path:
    """A set with its volume, of documents that were delivered."""
    params = make_workspace(tmp_path / "county", codes=(FINE,))
    deliveries.build(params)
    assert (set_folder(params.workspace) / VOLUME).exists()
    return params.workspace


@pytest.mark.parametrize(
    ("failure", "options"),
    [("X-ANY", {}), ("", {"units": frozenset([FINE])})],
    ids=["a document fails", "one unit only"],
)
def test_volume_that_is_no_longer_of_the_set_goes(
    whole: Path, deliveries: Deliveries, failure: str, options: dict[str, Any]
) -> None:
    from stats.params import load

    change_returns(whole)
    deliveries.failure, deliveries.text = failure, "二"
    deliveries.build(load(whole), **options)
    assert not (set_folder(whole) / VOLUME).exists()


def test_volume_that_cannot_be_made_is_a_failure_by_name(
    tmp_path: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = make_workspace(tmp_path / "county", codes=(FINE,))

    def refuses(*_: Any) -> bytes:
        raise PublishError("合订本没有做成：纸不够", "请加纸")

    monkeypatch.setattr("deliveries.bound", refuses)
    result = deliveries.build(params)
    assert [(each.code, each.message) for each in result.failures] == [("P-BOUND", "合订本没有做成：纸不够")]
    assert not (set_folder(params.workspace) / VOLUME).exists()
