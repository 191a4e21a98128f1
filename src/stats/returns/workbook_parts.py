"""What a workbook's own part says: its sheets, its names, how it calculates. Reads no cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from stats.returns.finding_texts import refuse_file
from stats.returns.package import Package
from stats.returns.xml_parts import INCOMPLETE, SAVE_ANEW, in_sheets, is_on, parse_xml, relation_id


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of cells: its name, the part that holds it, and whether people see it."""

    name: str
    part: str
    is_hidden: bool


@dataclass(slots=True)
class WorkbookParts:
    """The sheets in their order, and the parts and settings that bear on all of them."""

    sheets: list[SheetPart] = field(default_factory=list)
    styles: str = ""
    shared_texts: str = ""
    theme: str = ""
    names: dict[str, str] = field(default_factory=dict)
    since_1904: bool = False
    is_calculated_by_hand: bool = False


def workbook_parts(package: Package) -> WorkbookParts:
    """The parts of a workbook; RefusalError where a sheet's part is not there or two share one."""
    part = package.workbook()
    relations = package.relations(part)
    by_id = {each.id: each for each in relations}
    book, listed = WorkbookParts(), []
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = in_sheets(name)
        text.clear()
        if element == "sheet":
            listed.append((attributes.get("name", ""), relation_id(attributes), attributes.get("state", "visible")))
        elif element == "definedName":
            text.append(attributes.get("name", "").casefold())
        elif element == "workbookPr":
            book.since_1904 = is_on(attributes, "date1904")
        elif element == "calcPr":
            book.is_calculated_by_hand = attributes.get("calcMode", "auto") == "manual"

    def characters(content: str) -> None:
        if text:
            text.append(content)
            book.names[text[0]] = f"{book.names.get(text[0], '')}{content}"

    parse_xml(package.xml(part), package.file, start, characters)
    for name, identity, state in listed:
        relation = by_id.get(identity)
        if relation is None or relation.is_external or relation.target not in package:
            raise refuse_file(package.file, INCOMPLETE, SAVE_ANEW)
        if relation.kind == "worksheet":
            book.sheets.append(SheetPart(name, relation.target, state != "visible"))
    _shared_parts(book, package, part)
    return book


def _shared_parts(book: WorkbookParts, package: Package, part: str) -> None:
    """Styles, shared texts and theme; RefusalError for one that is named and not there, or named twice."""
    for kind in ("styles", "sharedstrings", "theme"):
        targets = package.related(part, kind)
        if len(targets) > 1 or any(target not in package for target in targets):
            raise refuse_file(package.file, INCOMPLETE, SAVE_ANEW)
        setattr(book, "shared_texts" if kind == "sharedstrings" else kind, targets[0] if targets else "")
    parts = [sheet.part for sheet in book.sheets]
    if len(set(parts)) < len(parts):
        raise refuse_file(package.file, INCOMPLETE, SAVE_ANEW)
