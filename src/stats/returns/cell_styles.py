"""How a workbook's cells look where that decides what a person sees: formats, colours, strokes. Reads no cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from stats.returns.colours import BLACK, PALETTE, THEME, WHITE, Colour, colour_of, is_faint, is_same, mixed
from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.number_format import GENERAL, NumberFormat, built_in, number_format
from stats.returns.xml_parts import INCOMPLETE, SAVE_ANEW, in_sheets, is_on, parse_xml

STRUCK = "有删除线，不知是否作废"
CROSSED = "被斜线划去，不知是否作废"
INVISIBLE = "的字与底色相同，看不见"
FAINT = "的字与底色相近，几乎看不见"
SYMBOLS = "的字体是符号字体，显示的不是数字"
SPREAD = "的对齐方式为“跨列居中”，数可能显示在旁边的格上"
REPEATED = "的对齐方式为“填充”，同一个数会重复显示"
TINY = "的字号过小，看不见"
SMALLEST = 3.0  # points
_PLAIN_FORMATS = frozenset({GENERAL, "@"})
# How much of the ground a pattern of dots or lines covers; the others about half.
_COVERED = {"solid": 1.0, "gray0625": 0.06, "gray125": 0.125, "lightGray": 0.25, "darkGray": 0.75}
_SYMBOL_FONTS = ("wingdings", "webdings", "symbol", "marlett", "mt extra", "bookshelf symbol")
_CONTAINERS = frozenset({
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
})  # fmt: skip
Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellStyle:
    """One style of cells: its format, why cells in it may not be used, and why they are to be asked about."""

    format: NumberFormat = field(default_factory=lambda: number_format(GENERAL))
    has_plain_format: bool = True
    problem: str = ""
    question: str = ""
    colour: Colour = BLACK
    ground: Colour = WHITE
    size: float = 11.0
    is_wrapped: bool = False
    is_shrunk: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing about the look decides what a cell says."""
        return self.has_plain_format and not self.problem and not self.question


@dataclass(frozen=True, slots=True)
class Difference:
    """What a rule for colours changes about the cells it meets; nothing where it leaves them."""

    colour: Colour | None = None
    ground: Colour | None = None
    is_struck: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The styles by their number; ``hiding`` are the numbers of the changes by rules that may hide a number."""

    styles: tuple[CellStyle, ...] = (CellStyle(),)
    hiding: frozenset[int] = frozenset()
    theme: tuple[str, ...] = THEME
    palette: tuple[str, ...] = PALETTE


def may_be_lost(styles: CellStyles, ground: Attributes) -> bool:
    """Whether letters of some style, or plain ones, cannot be seen on this ground."""
    behind = colour_of(ground, WHITE, styles.theme, styles.palette)
    return any(is_same(each, behind) for each in {BLACK, *(style.colour for style in styles.styles)})


def _hides(change: Difference, styles: Iterable[CellStyle]) -> bool:
    """Whether a rule's difference may hide a number or show it otherwise, whichever style it meets."""
    if change.is_struck or (change.code and change.code not in _PLAIN_FORMATS):
        return True
    if change.colour is None and change.ground is None:
        return False
    met = {(style.colour, style.ground) for style in styles if not style.problem} | {(BLACK, WHITE)}
    return any(is_same(change.colour or colour, change.ground or ground) for colour, ground in met)


def cell_styles(data: bytes, theme: tuple[str, ...], file: str) -> CellStyles:
    """The styles of a workbook, from its styles part; RefusalError for a part that is broken."""
    try:
        return _cell_styles(data, theme)
    except RefusalError as refusal:
        raise RefusalError(replace(refusal.finding, file=file)) from refusal


@lru_cache(maxsize=8)
def _cell_styles(data: bytes, theme: tuple[str, ...]) -> CellStyles:
    sheet = _StyleSheet(theme)
    parse_xml(data, "", sheet.start)
    try:
        return sheet.styles()
    except (ValueError, IndexError) as error:
        raise refuse_file("", INCOMPLETE, SAVE_ANEW) from error


@dataclass(slots=True)
class _Font:
    colour: Attributes = field(default_factory=dict)
    is_struck: bool = False
    size: float = 11.0
    has_symbols: bool = False


@dataclass(slots=True)
class _Fill:
    pattern: str = "none"
    colours: dict[str, Attributes] = field(default_factory=dict)
    stops: list[Attributes] = field(default_factory=list)


@dataclass(slots=True)
class _Form:
    """One ``xf``: numbers of its format, font, fill and border."""

    format: int
    font: int
    fill: int
    border: int
    is_repeated: bool = False
    is_spread: bool = False
    is_wrapped: bool = False
    is_shrunk: bool = False


def _problem(font: _Font, form: _Form, *, is_crossed: bool) -> str:
    if font.is_struck:
        return STRUCK
    if is_crossed:
        return CROSSED
    if font.size <= SMALLEST:
        return TINY
    if font.has_symbols:
        return SYMBOLS
    return REPEATED if form.is_repeated else ""


def is_symbol_font(attributes: Attributes) -> bool:
    """Whether the letters of a font are signs, so that nobody reads digits."""
    return attributes.get("val", "").casefold().startswith(_SYMBOL_FONTS)


class _StyleSheet:
    """Collects what the part lists; colours are made of it at the end, where a palette may still come."""

    def __init__(self, theme: tuple[str, ...]) -> None:
        self.theme = theme
        self.palette: list[str] = []
        self.codes: dict[int, str] = {}
        self.fonts: list[_Font] = []
        self.fills: list[_Fill] = []
        self.borders: list[bool] = []
        self._is_diagonal = False
        self.forms: list[_Form] = []
        self.changes: list[tuple[_Font | None, _Fill | None, str]] = []
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = in_sheets(name)
        if element in _CONTAINERS:
            self._inside = element
        elif self._inside == "fonts":
            self._font(self.fonts, element, attributes)
        elif self._inside == "fills":
            self._fill(self.fills, element, attributes)
        elif self._inside == "borders":
            self._border(element, attributes)
        elif self._inside == "numFmts" and element == "numFmt":
            self.codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif self._inside == "cellXfs":
            self._form(element, attributes)
        elif self._inside == "dxfs":
            self._change(element, attributes)
        elif element == "rgbColor":
            self.palette.append(attributes.get("rgb", ""))

    def _font(self, fonts: list[_Font], element: str, attributes: Attributes) -> None:
        if element == "font":
            fonts.append(_Font())
        elif element == "color":
            fonts[-1].colour = dict(attributes)
        elif element == "strike":
            fonts[-1].is_struck = is_on({"val": "1", **attributes}, "val")
        elif element == "name":
            fonts[-1].has_symbols = is_symbol_font(attributes)
        elif element == "sz":
            fonts[-1].size = float(attributes.get("val", "11"))

    def _fill(self, fills: list[_Fill], element: str, attributes: Attributes) -> None:
        if element == "fill":
            fills.append(_Fill())
        elif element == "patternFill":
            fills[-1].pattern = attributes.get("patternType", "none" if self._inside == "fills" else "solid")
        elif element == "gradientFill":
            fills[-1].pattern = "gradient"
        elif element in ("fgColor", "bgColor"):
            fills[-1].colours[element] = dict(attributes)
        elif element == "color":
            fills[-1].stops.append(dict(attributes))

    def _border(self, element: str, attributes: Attributes) -> None:
        """Whether a line crosses the cell from corner to corner."""
        if element == "border":
            self._is_diagonal = is_on(attributes, "diagonalUp") or is_on(attributes, "diagonalDown")
            self.borders.append(False)
        elif element == "diagonal":
            self.borders[-1] = self._is_diagonal and attributes.get("style", "none") != "none"

    def _form(self, element: str, attributes: Attributes) -> None:
        if element == "xf":
            names = ("numFmtId", "fontId", "fillId", "borderId")
            number, font, fill, border = (int(attributes.get(name, "0")) for name in names)
            self.forms.append(_Form(number, font, fill, border))
        elif element == "alignment":
            self.forms[-1].is_repeated = attributes.get("horizontal") == "fill"
            self.forms[-1].is_spread = attributes.get("horizontal") == "centerContinuous"
            self.forms[-1].is_wrapped = is_on(attributes, "wrapText")
            self.forms[-1].is_shrunk = is_on(attributes, "shrinkToFit")

    def _change(self, element: str, attributes: Attributes) -> None:
        if element == "dxf":
            self.changes.append((None, None, ""))
            return
        font, fill, code = self.changes[-1]
        if element == "font":
            self.changes[-1] = (_Font(), fill, code)
        elif element == "fill":
            self.changes[-1] = (font, _Fill(), code)
        elif element == "numFmt":
            self.changes[-1] = (font, fill, attributes.get("formatCode", "") or "?")
        elif fill is not None and element in ("patternFill", "fgColor", "bgColor"):
            self._fill([fill], element, attributes)
        elif font is not None and fill is None:
            self._font([font], element, attributes)

    def styles(self) -> CellStyles:
        """All of it, with every colour made out."""
        self._palette = tuple(self.palette) if self.palette else PALETTE
        styles = tuple(map(self._style, self.forms)) or (CellStyle(),)
        hiding = frozenset(n for n, change in enumerate(self._differences()) if _hides(change, styles))
        return CellStyles(styles, hiding, self.theme, self._palette)

    def _colour(self, attributes: Attributes, automatic: Colour) -> Colour:
        return colour_of(attributes, automatic, self.theme, self._palette)

    def _style(self, form: _Form) -> CellStyle:
        font = self.fonts[form.font] if self.fonts else _Font()
        fill = self.fills[form.fill] if self.fills else _Fill()
        code = self.codes.get(form.format, built_in(form.format))
        colour, grounds = self._colour(font.colour, BLACK), self._grounds(fill)
        return CellStyle(
            format=number_format(code),
            has_plain_format=code in _PLAIN_FORMATS,
            problem=_problem(font, form, is_crossed=bool(self.borders) and self.borders[form.border])
            or (INVISIBLE if all(is_same(colour, each) for each in grounds) else ""),
            question=FAINT if any(is_faint(colour, each) for each in grounds) else SPREAD if form.is_spread else "",
            colour=colour,
            ground=grounds[0],
            size=font.size,
            is_wrapped=form.is_wrapped,
            is_shrunk=form.is_shrunk,
        )

    def _grounds(self, fill: _Fill) -> list[Colour]:
        """The colours behind the letters: one, or those between which it changes."""
        if fill.pattern == "none":
            return [WHITE]
        if fill.pattern == "gradient":
            return [self._colour(stop, WHITE) for stop in fill.stops or [{}]]
        front, back = (
            self._colour(fill.colours.get(name, {}), usual) for name, usual in (("fgColor", BLACK), ("bgColor", WHITE))
        )
        return [mixed(front, back, _COVERED.get(fill.pattern, 0.5))]

    def _differences(self) -> Iterator[Difference]:
        for font, fill, code in self.changes:
            colour = self._colour(font.colour, BLACK) if font and font.colour else None
            filled = (fill.colours.get("bgColor") or fill.colours.get("fgColor")) if fill else None
            ground = self._colour(filled, WHITE) if filled else None
            yield Difference(colour, ground, font is not None and font.is_struck, code)
