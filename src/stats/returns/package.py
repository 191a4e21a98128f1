"""The parts of an XLSX file, found by its relations as office programs find them. Reads no sheet."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from zipfile import ZipFile

from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.xml_parts import AS_XLSX, INCOMPLETE, RESAVE, SAVE_ANEW, UNUSUAL, as_utf8, local, parse_xml

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
