"""The typefaces the package ships and which of them each part of a document is set in. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fontTools.ttLib import TTFont

from stats.errors import RunEnvironmentError

Role = Literal["fang", "hei", "song", "kai", "rare"]
FOLDER = Path(__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, with the family name by which typst knows it (not always the one other programs use)."""

    file: str
    family: str

    @property
    def path(self) -> Path:
        return FOLDER / self.file


FACES: Mapping[Role, Face] = MappingProxyType(
    {
        "fang": Face("FandolFang-Regular.otf", "FandolFang R"),
        "hei": Face("FandolHei-Regular.otf", "FandolHei"),
        "song": Face("FandolSong-Bold.otf", "FandolSong"),
        "kai": Face("LXGWWenKai-Light.ttf", "LXGW WenKai"),
        "rare": Face("StatsRare-Regular.ttf", "Stats Rare"),
    }
)

# Fandol covers GB2312; the rare characters of place names are taken from LXGW WenKai, what a town's name holds besides
# from a font of our own, and the few signs that only Fandol has (Yi script, old number signs) from FandolFang.
FALLBACK: tuple[Role, ...] = ("kai", "rare")


def chain(role: Role) -> tuple[Role, ...]:
    """The faces that are tried for a part of a document, in order.

    >>> chain("hei"), chain("kai")
    (('hei', 'kai', 'rare'), ('kai', 'fang', 'rare'))
    """
    return ("kai", "fang", "rare") if role == "kai" else (role, *(face for face in FALLBACK if face != role))


def families(role: Role) -> tuple[str, ...]:
    """The typst family names of a chain."""
    return tuple(FACES[face].family for face in chain(role))


@lru_cache(maxsize=8)
def glyph_names(role: Role) -> Mapping[int, str]:
    """The code points a face has a glyph for, each with its glyph's name in the file.

    Raises RunEnvironmentError if the font file is not there.
    """
    path = FACES[role].path
    if not path.is_file():
        raise RunEnvironmentError(f"缺少字体文件 {path.name}", "请重新安装本软件包，字体随软件包一起提供")
    with TTFont(path, lazy=True) as font:
        names: Mapping[int, str] = font.getBestCmap()
    return names


@lru_cache(maxsize=8)
def characters(role: Role) -> frozenset[int]:
    """The code points a face has a glyph for.

    >>> ord("镇") in characters("fang"), ord("垟") in characters("fang"), ord("垟") in characters("kai")
    (True, False, True)
    """
    return frozenset(glyph_names(role))


__all__ = ["FACES", "FALLBACK", "FOLDER", "Face", "Role", "chain", "characters", "families", "glyph_names"]
