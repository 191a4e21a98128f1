"""Fonts made of copied glyphs: what they draw is what the shipped faces draw."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from stats.publish.font_faces import FACES, Role, characters
from stats.publish.glyphs import copied

LATIN = "Aj0%—「"
NAMES = "镇乡街道溪岭渡龙泓一二三鹭"
# The last face holds the few characters that no other has.
WHOLE = [face for face in FACES if face != "rare"]


def font(face: Role, text: str) -> TTFont:
    return TTFont(BytesIO(copied(face, map(ord, text))))


@lru_cache(maxsize=4)
def shipped(face: Role) -> TTFont:
    return TTFont(FACES[face].path, lazy=True)


def outline(given: TTFont, character: str) -> list[tuple[str, Any]]:
    pen = RecordingPen()
    given.getGlyphSet()[given.getBestCmap()[ord(character)]].draw(pen)
    return pen.value


def width(given: TTFont, character: str) -> int:
    return int(given["hmtx"][given.getBestCmap()[ord(character)]][0])


@pytest.mark.parametrize("face", WHOLE)
def test_copied_glyph_has_the_outline_and_the_width_of_the_face(face: Role) -> None:
    text = [character for character in LATIN + NAMES if ord(character) in characters(face)]
    made = font(face, "".join(text))
    assert len(text) > 15
    for character in text:
        assert outline(made, character) == outline(shipped(face), character), character
        assert width(made, character) == width(shipped(face), character), character


@pytest.mark.parametrize("face", WHOLE)
def test_width_in_an_outline_is_the_width_of_the_glyph(face: Role) -> None:
    if face == "kai":  # TrueType outlines hold no width
        return
    made = font(face, "A镇")
    for character in "A镇":
        name = made.getBestCmap()[ord(character)]
        made.getGlyphSet()[name].draw(RecordingPen())
        charstring = made["CFF "].cff.topDictIndex[0].CharStrings[name]
        charstring.draw(RecordingPen())
        assert charstring.width == width(made, character)


@pytest.mark.parametrize("face", WHOLE)
def test_copy_holds_what_was_asked_for_and_no_more(face: Role) -> None:
    made = font(face, "镇乡")
    assert set(made.getBestCmap()) == {ord("镇"), ord("乡")}
    assert len(made.getGlyphOrder()) == 3  # and the sign for a missing one


@pytest.mark.parametrize("face", WHOLE)
def test_lines_set_in_a_copy_are_as_high_as_in_the_face(face: Role) -> None:
    made = font(face, "镇")
    for table, names in (("hhea", ["ascent", "descent", "lineGap"]), ("OS/2", ["sTypoAscender", "usWinDescent"])):
        for name in names:
            assert getattr(made[table], name) == getattr(shipped(face)[table], name)


@pytest.mark.parametrize("face", WHOLE)
def test_copy_is_the_same_bytes_in_any_order(face: Role) -> None:
    assert copied(face, map(ord, "镇乡")) == copied(face, map(ord, "乡镇乡"))


@pytest.mark.parametrize("face", ["fang", "hei"])
def test_copy_has_no_hints(face: Role) -> None:
    assert "hintmask" in program(shipped(face), "岭") + program(shipped(face), "龙") + program(shipped(face), "溪")
    for character in NAMES:
        assert not [token for token in program(font(face, character), character) if "hint" in token or "stem" in token]


def program(given: TTFont, character: str) -> list[str]:
    charstring = given["CFF "].cff.topDictIndex[0].CharStrings[given.getBestCmap()[ord(character)]]
    charstring.decompile()
    return [token for token in charstring.program if isinstance(token, str)]


@pytest.mark.parametrize("face", WHOLE)
def test_copy_does_not_use_a_reserved_name(face: Role) -> None:
    names = [str(record) for record in font(face, "镇")["name"].names]
    assert f"stats-{face}" in names
    assert not [name for name in names if "LXGW" in name or "Fandol" in name]


def test_the_rarest_character_of_a_town_is_copied_from_a_face_of_its_own() -> None:
    assert not any(ord("䃥") in characters(face) for face in WHOLE)
    made = TTFont(BytesIO(copied("rare", [ord("䃥")])))
    assert set(made.getBestCmap()) == {ord("䃥")}
