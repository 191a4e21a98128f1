"""The county's own paragraphs: read line by line, refused where private, printed as written and marked as its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from make_report import make_county_report, make_params
from make_workspace import make_workspace
from stats import own_words, present, report
from stats.errors import ParamsError
from stats.inputs import UnfitError
from stats.params import Params
from stats.present.blocks import Group, Note, Paragraph
from stats.publish.document import Document
from stats.publish.html import to_html
from stats.receipt import Receipt


def written(folder: Path, text: str, name: str = "speech.md") -> Params:
    place = folder / "data/texts/2021"
    place.mkdir(parents=True)
    (place / name).write_text(text, encoding="utf-8")
    return make_params(workspace=folder)


def refusal(folder: Path, text: str, name: str = "speech.md") -> str:
    with pytest.raises(UnfitError) as caught:
        own_words.read(written(folder, text, name))
    return caught.value.problem


def test_every_line_is_a_paragraph_and_the_file_counts_by_its_hash(tmp_path: Path) -> None:
    words, inputs = own_words.read(written(tmp_path, "县委带头落实四“凡”必要求。\n\n  军民融合有新进展。 \n"))
    assert words == {"speech": ("县委带头落实四“凡”必要求。", "军民融合有新进展。")}
    assert list(inputs) == ["data/texts/2021/speech.md"]


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert own_words.read(make_params(workspace=tmp_path)) == ({}, {})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("联系电话13800138000。", "疑似含有身份证号、电话号码或部队番号"),
        ("张建国同志带头调研。", "疑似含有姓名"),
        ("某旅来县对接。", "疑似含有身份证号、电话号码或部队番号"),
        ("好" * 201, "超过 200 字"),
    ],
)
def test_a_line_that_may_not_be_kept_is_told_by_file_and_line_without_its_text(
    tmp_path: Path, line: str, why: str
) -> None:
    problem = refusal(tmp_path, f"工作有新进展。\n{line}\n")
    assert problem == f"data/texts/2021/speech.md 第 2 行{why}，内容未保留"
    assert line not in problem


def test_too_many_paragraphs_and_other_files_are_refused(tmp_path: Path) -> None:
    many = "工作有新进展。\n" * (own_words.MOST + 1)
    assert refusal(tmp_path / "a", many) == "data/texts/2021/speech.md 第 9 行起超过 8 段，附件放不下"
    assert refusal(tmp_path / "b", "好。", "town.md") == "data/texts/2021/town.md 不是可以加文字的附件"
    assert refusal(tmp_path / "c", "好" * 30000).startswith("data/texts/2021/speech.md ")


def test_a_private_line_stops_a_build_and_is_a_finding_where_one_only_looks(tmp_path: Path) -> None:
    params = make_workspace(tmp_path)
    written(tmp_path, "张建国同志带头调研。")
    with pytest.raises(ParamsError, match="第 1 行疑似含有姓名"):
        report.examine(params)
    found = report.examine(params, tolerant=True)
    assert [finding.message for finding in found.findings if "第 1 行" in finding.message]
    assert found.own_words == {}


def test_they_are_printed_as_written_and_marked_as_the_county_s_own() -> None:
    said = ("<b>智慧武装</b>和**融合**有新进展。",)
    of = make_county_report(own_words={"speech": said})
    shown = present.own_words(of, "speech")
    assert shown == Group((Paragraph(said[0]), Note("以上文字由县人武部供稿。")))
    page = to_html(Document(present.cover(of, "speech"), shown.blocks))
    assert "&lt;b&gt;智慧武装&lt;/b&gt;和**融合**有新进展。" in page
    assert present.own_words(of, "county") == Group()
    withheld = make_county_report(own_words={"speech": said}, receipt=Receipt.REFUSED)
    assert present.own_words(withheld, "speech") == Group()


def test_a_changed_text_is_an_input_that_changed(tmp_path: Path) -> None:
    params = make_workspace(tmp_path)
    before = report.examine(params)
    written(tmp_path, "军民融合有新进展。", "county.md")
    after = report.examine(params)
    assert after.inputs.keys() - before.inputs.keys() == {"data/texts/2021/county.md"}
    assert after.own_words == {"county": ("军民融合有新进展。",)}
