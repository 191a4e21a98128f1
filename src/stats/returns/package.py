"""The parts of an XLSX file, found by its relations as office programs find them, and what the workbook's says."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from zipfile import ZipFile

from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.xml_parts import (
    AS_XLSX,
    INCOMPLETE,
    RESAVE,
    SAVE_ANEW,
    UNUSUAL,
    as_utf8,
    in_sheets,
    is_on,
    local,
    parse_xml,
    relation_id,
)

_CONTENT_TYPES = "[content_types].xml"
_WORKBOOKS = ("spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml")
# What else the content types of an Office file may say it is.
_OTHER_DOCUMENTS = {
    "macroenabled.main+xml": ("含有宏", "请另存为不含宏的 .xlsx 后重新提交"),
    "ms-excel.sheet.binary": ("是二进制表格（.xlsb）", RESAVE),
    "wordprocessingml.document.main": ("是文字文档（.docx）", RESAVE),
    "presentationml": ("是演示文稿（.pptx）", RESAVE),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part leads: ``kind`` is the last word of the relation's type, ``target`` the part's plain name."""

    id: str
    kind: str
    target: str
    is_external: bool = False


def plain_name(name: str, base: str = "") -> str:
    """A part's name as it is compared: slashes of one kind, from the root, without case.

    >>> plain_name("xl\\\\Worksheets\\\\Sheet1.xml"), plain_name("../drawings/a.xml", "xl/worksheets")
    ('xl/worksheets/sheet1.xml', 'xl/drawings/a.xml')
    """
    path = posixpath.join("/", base, name.replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").lower()


class Package:
    """An opened archive whose parts are asked for by name, whatever its case and slashes.

    RefusalError where two parts have one name (programs differ in which they read) and for another document.
    """

    def __init__(self, archive: ZipFile, file: str) -> None:
        self.file = file
        self._archive = archive
        members = [info for info in archive.infolist() if not info.filename.endswith(("/", "\\"))]
        self._members = {plain_name(info.filename): info for info in members}
        self._refuse_other_documents()
        if len(self._members) < len(members):
            raise refuse_file(file, "内部有重名的部分", RESAVE)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def raw(self, name: str) -> bytes:
        """The bytes of a part as stored; RefusalError where there is none of that name."""
        if name not in self._members:
            raise refuse_file(self.file, INCOMPLETE, SAVE_ANEW)
        return self._archive.read(self._members[name])

    def xml(self, name: str) -> bytes:
        """An XML part, in UTF-8."""
        return as_utf8(self.raw(name), self.file)

    def relations(self, part: str = "") -> list[Relation]:
        """Where a part leads, in the order written; the whole package for no part."""
        folder, _, base = part.rpartition("/")
        name = f"{folder}/_rels/{base}.rels".lstrip("/")
        found: list[Relation] = []

        def start(element: str, attributes: dict[str, str]) -> None:
            if local(element) == "Relationship":
                is_external = attributes.get("TargetMode", "").lower() == "external"
                kind = attributes.get("Type", "").rstrip("/").rpartition("/")[2].lower()
                target = attributes.get("Target", "")
                target = target if is_external else plain_name(target, folder)
                found.append(Relation(attributes.get("Id", ""), kind, target, is_external))

        if name in self:
            parse_xml(self.xml(name), self.file, start)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """The parts to which a part leads by one kind of relation."""
        return [each.target for each in self.relations(part) if each.kind == kind and not each.is_external]

    def workbook(self) -> str:
        """The part that lists the sheets; RefusalError where it cannot be told."""
        listed = self.related("", "officedocument") or ["xl/workbook.xml"]
        if listed[0] not in self:
            raise self._unusual()
        return listed[0]

    def _refuse_other_documents(self) -> None:
        types = self._content_types()
        for mark, (problem, remedy) in _OTHER_DOCUMENTS.items():
            if any(mark in each for each in types):
                raise refuse_file(self.file, problem, remedy)
        if types and any(each.endswith(_WORKBOOKS) for each in types):
            return
        if types or "xl/workbook.xml" in self:
            raise self._unusual()
        if "content.xml" in self:
            raise refuse_file(self.file, "是ODF 文档", RESAVE)
        raise refuse_file(self.file, "是压缩包，不是电子表格", "请解压后提交其中的报表")

    def _content_types(self) -> frozenset[str]:
        """What the package says its parts are; nothing for an archive of another kind."""
        types: set[str] = set()

        def start(element: str, attributes: dict[str, str]) -> None:
            if local(element) in ("Override", "Default"):
                types.add(attributes.get("ContentType", "").lower())

        if _CONTENT_TYPES in self:
            parse_xml(self.xml(_CONTENT_TYPES), self.file, start)
        return frozenset(types)

    def _unusual(self) -> RefusalError:
        return refuse_file(self.file, UNUSUAL, AS_XLSX)


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
