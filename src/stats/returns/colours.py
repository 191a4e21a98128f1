"""Colours as a workbook writes them (RGB, palette, theme, tint), and whether one can be seen on another."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from functools import lru_cache

from stats.returns.finding_texts import RefusalError
from stats.returns.xml_parts import local, parse_xml

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
# The palette that workbooks have unless they bring their own; 64 and 65 are the text and the ground of a window.
_FIRST = "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
_REST = (
    "800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF "
    "000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 "
    "3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333"
)
PALETTE = (*_FIRST.split(), *_FIRST.split(), *_REST.split())
# The colours of the usual theme, in the order in which cells number them (light and dark are swapped there).
THEME = (
    "FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47", "0563C1",
    "954F72",
)  # fmt: skip
_THEME_NAMES = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_WINDOW = {64: BLACK, 65: WHITE}
_SAME = 24  # of 255: what no eye tells apart on a screen
_FAINT = 1.3  # contrast (WCAG 2) below which letters are hardly seen


def rgb(text: str) -> Colour:
    """A colour written as RRGGBB or AARRGGBB; ValueError for anything else."""
    number = int(text[-6:], 16)
    if len(text) not in (6, 8):
        raise ValueError(text)
    return number >> 16, number >> 8 & 255, number & 255


@lru_cache(maxsize=8)
def theme_colours(data: bytes) -> tuple[str, ...]:
    """The colours of a theme, in the order in which cells number them; the usual ones where it cannot be read."""
    found: dict[str, str] = {}
    inside = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        element = local(name)
        if element in _THEME_NAMES:
            inside = element
        elif element in ("srgbClr", "sysClr") and inside:
            found.setdefault(inside, attributes.get("lastClr" if element == "sysClr" else "val", ""))
            inside = ""

    try:
        parse_xml(data, "", start)
    except RefusalError:
        return THEME
    return tuple(found.get(name) or usual for name, usual in zip(_THEME_NAMES, THEME, strict=True))


def colour_of(
    attributes: Mapping[str, str], automatic: Colour, theme: Sequence[str] = THEME, palette: Sequence[str] = PALETTE
) -> Colour:
    """The colour that an element's attributes name; ``automatic`` where they leave it to the program.

    ValueError for a colour that no program could show.

    >>> colour_of({"theme": "0", "tint": "-0.5"}, BLACK), colour_of({"indexed": "9"}, BLACK)
    ((128, 128, 128), (255, 255, 255))
    """
    if "rgb" in attributes:
        plain = rgb(attributes["rgb"])
    elif "theme" in attributes:
        plain = rgb(_nth(theme, int(attributes["theme"])))
    elif "indexed" in attributes:
        number = int(attributes["indexed"])
        plain = _WINDOW[number] if number in _WINDOW else rgb(_nth(palette, number))
    else:
        return automatic
    return _tinted(plain, float(attributes.get("tint", "0")))


def _nth(colours: Sequence[str], number: int) -> str:
    if not 0 <= number < len(colours):
        raise ValueError(number)
    return colours[number]


def _tinted(colour: Colour, tint: float) -> Colour:
    """Lighter or darker by the rule of ECMA-376 (18.8.3): the lightness moves towards an end."""
    if not tint:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    lightness = lightness * (1 + tint) if tint < 0 else lightness * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness)), saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def mixed(front: Colour, back: Colour, share: float) -> Colour:
    """The colour of which so much is in front and the rest behind."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(front, back, strict=True))
    return red, green, blue


def is_same(one: Colour, other: Colour) -> bool:
    """Whether letters in the one cannot be seen on the other."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SAME


def is_faint(one: Colour, other: Colour) -> bool:
    """Whether letters in the one are hardly seen on the other."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05) < _FAINT


def _luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
