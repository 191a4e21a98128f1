"""What a notebook shows of a block can be read on a dark page as on a light one: JupyterLab, editors, web sites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publish_samples import COVER, chart, table
from stats.present.blocks import Block, Group, Heading, Note, Paragraph
from test_publish_html import browse, needs_chromium

BLOCKS: tuple[Block, ...] = (
    COVER,
    Heading("一、制度"),
    Paragraph("甲。"),
    Note("乙。"),
    table(notes=("丙",), source="年报", strong=(0,)),
    chart(),
    Group((table(), chart())),
)
# As the library draws them: nothing behind the letters.
BARE = chart(
    svg='<svg width="442pt" height="200pt" viewBox="0 0 442 200" xmlns="http://www.w3.org/2000/svg">'
    '<text x="9" y="99" font-size="40">2021</text></svg>'
)
# As JupyterLab's dark theme has it: the page's colours, and none of its own for what a notebook shows.
DARK = "<html><body style='margin:0;background:#111;color:#fff'>{}</body></html>"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_no_block_gives_its_letters_or_rules_a_colour_but_on_paper_of_its_own(block: Block) -> None:
    page = block.to_html()
    assert not re.search(
        r"(?<![-\w])color:|#[0-9a-f]{3,6}\b(?!;)|\b(black|white)\b(?!-)", re.sub('base64,[^"]*', "", page)
    )


@needs_chromium
@pytest.mark.parametrize("block", [BARE, table(), COVER], ids=["chart", "table", "cover"])
def test_on_a_dark_page_nothing_is_black_but_on_paper(tmp_path: Path, block: Block) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    browse(tmp_path, DARK.format(block.to_html()), f"--screenshot={tmp_path / 'page.png'}", "--window-size=640,400")
    counts = pymupdf.Pixmap(str(tmp_path / "page.png")).color_count(colors=True)
    light = sum(count for colour, count in counts.items() if min(colour[:3]) > 247)
    black = sum(count for colour, count in counts.items() if max(colour[:3]) < 8)
    assert light > (640 * 400 * 0.3 if block.kind == "chart" else 200)
    assert block.kind == "chart" or black == 0
