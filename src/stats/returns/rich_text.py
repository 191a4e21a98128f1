"""Pieces of a cell's text with a look of their own: struck out, raised, tiny, coloured. Reads no value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stats.returns.cell_styles import INVISIBLE, SMALLEST, STRUCK, SYMBOLS, TINY, CellStyle, CellStyles, is_symbol_font
from stats.returns.colours import BLACK, colour_of, is_same
from stats.returns.xml_parts import is_on, local, run_parser, strict_parser

RAISED = "有上标或下标的字，与正文连读会成另一个数"


@dataclass(frozen=True, slots=True)
class Runs:
    """What the pieces of one text add to the look of its cell: why it may not be used, and their colours."""

    problem: str = ""
    colours: tuple[tuple[tuple[str, str], ...], ...] = ()

    def hidden_by(self, style: CellStyle, styles: CellStyles) -> str:
        """Why the text may not be used in a cell of this style; empty where all of it can be seen."""
        shown = (colour_of(dict(each), BLACK, styles.theme, styles.palette) for each in self.colours)
        return self.problem or (INVISIBLE if any(is_same(colour, style.ground) for colour in shown) else "")


NO_RUNS = Runs()
RUN_PROPERTIES = frozenset({"strike", "vertAlign", "color", "sz", "rFont"})


def add_run_property(runs: Runs, element: str, attributes: Mapping[str, str]) -> Runs:
    """The runs with one more property of a piece of text."""
    if element == "strike" and is_on({"val": "1", **attributes}, "val"):
        return replace(runs, problem=runs.problem or STRUCK)
    if element == "vertAlign" and attributes.get("val", "baseline") != "baseline":
        return replace(runs, problem=runs.problem or RAISED)
    if element == "sz" and float(attributes.get("val", "11")) <= SMALLEST:
        return replace(runs, problem=runs.problem or TINY)
    if element == "rFont" and is_symbol_font(attributes):
        return replace(runs, problem=runs.problem or SYMBOLS)
    if element == "color":
        return replace(runs, colours=(*runs.colours, tuple(sorted(attributes.items()))))
    return runs


def shared_texts(data: bytes, file: str) -> dict[int, Runs]:
    """The runs of those texts that the sheets share of which a piece has a look of its own, by the text's number."""
    scan = _SharedTexts()
    if b"rPr" in data or b"<!" in data:
        parser = strict_parser(file)
        parser.StartElementHandler = scan.start
        run_parser(parser, data, file)
    return {number: runs for number, runs in scan.noted.items() if runs != NO_RUNS}


class _SharedTexts:
    """Counts the texts, by their local name as the reader of values does."""

    def __init__(self) -> None:
        self.count = 0
        self.noted: dict[int, Runs] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if element == "si":
            self.count += 1
        elif element in RUN_PROPERTIES:
            before = self.noted.get(self.count - 1, NO_RUNS)
            self.noted[self.count - 1] = add_run_property(before, element, attributes)
