"""The parts of an XLSX archive that say where the sheets lie and how cells look. Reads no value of a cell."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from stats.returns.rules import refuse_file

WORKBOOK = "xl/workbook.xml"
INCOMPLETE, SAVE_ANEW = "电子表格内部结构不完整", "请用办公软件打开后另存为新文件"
DTD, RESAVE = "内部含有实体声明（DTD），可能是恶意文件", "请用办公软件打开后另存为 .xlsx，再重新提交"
_OFF = frozenset({"0", "false", "none", "off"})
_PERCENT_FORMATS = frozenset({9, 10})
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_SCALING = re.compile(r"[0#?],+(?![0#?,])")
_HIDING = re.compile(r";\s*;\s*;?\s*")
_CHANGING_WORDS = re.compile(r"[0-9十百千万亿kKmM余多约]")


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, where that bears on what it says: as a percent, struck out, or showing other digits."""

    percent: bool = False
    struck: bool = False
    misleading: bool = False


def parse_xml(data: bytes, file: str, start: Callable[[str, dict[str, str]], None]) -> None:
    """Calls ``start`` with the local name and the attributes of every element; refuses a DTD and broken XML."""
    parser = safe_parser(file)
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    run_parser(parser, data, file)


def safe_parser(file: str) -> expat.XMLParserType:
    """A parser that refuses any document type declaration, and with it every entity."""

    def refuse(*_: object) -> NoReturn:
        raise refuse_file(file, DTD, RESAVE)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def run_parser(parser: expat.XMLParserType, data: bytes, file: str) -> None:
    """Parses a whole part; RefusalError where it is broken."""
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refuse_file(file, INCOMPLETE, SAVE_ANEW) from error


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name if ":" not in name else name.rpartition(":")[2]


def is_on(attributes: Mapping[str, str], name: str) -> bool:
    """Whether a yes-no attribute is there and set."""
    return attributes.get(name, "0").strip().lower() not in _OFF


def sheet_parts(archive: ZipFile, file: str) -> dict[str, str]:
    """The archive's part of every sheet, by the sheet's name."""
    names: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            relation = next((value for key, value in attributes.items() if local(key) == "id"), "")
            names[attributes.get("name", "")] = relation

    def relationship(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    parse_xml(archive.read(WORKBOOK), file, sheet)
    relations = "xl/_rels/workbook.xml.rels"
    if relations in archive.namelist():
        parse_xml(archive.read(relations), file, relationship)
    return {name: targets.get(relation, "") for name, relation in names.items()}


def looks(archive: ZipFile, file: str) -> dict[int, Look]:
    """The cell styles that bear on what a cell says, by their number; plain ones are left out."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = _Styles()
    parse_xml(archive.read("xl/styles.xml"), file, styles.start)
    return {number: look for number, look in enumerate(styles.looks()) if look != Look()}


class _Styles:
    """Collects number formats, struck fonts and cell formats from the styles part."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.struck: list[bool] = []
        self.cells: list[tuple[int, int]] = []
        self._inside = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "fills"):
            self._inside = element
        elif element == "numFmt" and self._inside != "dxfs":
            self.formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif element == "font" and self._inside == "fonts":
            self.struck.append(False)
        elif element == "strike" and self._inside == "fonts":
            self.struck[-1] = attributes.get("val", "1").lower() not in _OFF
        elif element == "xf" and self._inside == "cellXfs":
            self.cells.append((int(attributes.get("numFmtId", "0")), int(attributes.get("fontId", "0"))))

    def looks(self) -> list[Look]:
        return [self._look(number, font) for number, font in self.cells]

    def _look(self, number: int, font: int) -> Look:
        code = self.formats.get(number, "")
        percent = number in _PERCENT_FORMATS or "%" in _QUOTED.sub("", code)
        struck = font < len(self.struck) and self.struck[font]
        return Look(percent, struck, not percent and shows_other_digits(code))


def shows_other_digits(code: str) -> bool:
    """Whether a number format shows a number other than the one stored: scaled, hidden, or with 万 and the like.

    >>> [shows_other_digits(code) for code in ("0.00", "#,##0", '0"人"', '0"万"', "0,", ";;;", "General")]
    [False, False, False, True, True, True, False]
    """
    words = "".join(first or second for first, second in _QUOTED.findall(code))
    plain = _QUOTED.sub("", code)
    return bool(_CHANGING_WORDS.search(words) or _SCALING.search(plain) or _HIDING.fullmatch(plain.strip()))
