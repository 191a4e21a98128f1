"""附件1 as one picture: what its page shows, the same bytes, there wherever its PDF is and only there."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from publish_samples import COVER, table
from stats.documents import DOCUMENTS, entry
from stats.errors import PublishError
from stats.formats import made_in
from stats.present.blocks import Paragraph
from stats.publish import Document
from stats.publish.png import fault, make

SHORT = Document(replace(COVER, attachment="附件1", title="统计概览"), (Paragraph("甲。"), table()))


def size(content: bytes) -> tuple[int, int]:
    return struct.unpack(">II", content[16:24])


def test_picture_is_as_wide_as_a_sheet_and_as_high_as_it_is_even_beyond_one() -> None:
    wide, high = size(make(SHORT))
    assert (wide, high < 1754) == (1240, True)
    longer = replace(SHORT, blocks=(*SHORT.blocks, Paragraph("乙。" * 900)))
    assert size(make(longer))[1] > 1754


def test_bytes_are_the_same_again_and_a_file_without_its_end_is_not_whole() -> None:
    made = make(SHORT)
    assert made == make(SHORT)
    assert fault(made, SHORT) == ""
    assert fault(made[:-20], SHORT) == "图片没有写完"


def test_character_without_a_glyph_is_refused() -> None:
    with pytest.raises(PublishError, match="U\\+1F600"):
        make(replace(SHORT, blocks=(Paragraph("\U0001f600"),)))


def test_only_the_document_of_one_page_for_all_is_a_picture_and_only_beside_its_pdf() -> None:
    assert [each.key for each in DOCUMENTS if "png" in made_in(["pdf"], each.formats)] == ["overview"]
    assert made_in(["html"], entry("overview").formats) == ("html", "ipynb")
    assert made_in(["pdf", "docx"], entry("overview").formats) == ("pdf", "docx", "png", "ipynb")
