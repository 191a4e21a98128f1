"""What kind of file this is, by its content and never by its suffix; refuses by name what is no return."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from stats.returns.grid import MOST_ROWS
from stats.returns.rules import RefusalError, refuse_file

LARGEST_FILE = 64 * 2**20
LARGEST_INFLATED = 400 * 2**20
LARGEST_RATIO = 200
MOST_MEMBERS = 2000
_CHUNK = 2**20
_OVERLAP = 64

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = {
    b"%PDF": "PDF 文档",
    b"\x89PNG": "图片（PNG）",
    b"\xff\xd8\xff": "图片（JPEG）",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZIP 压缩包",
}
_OTHER_DOCUMENTS = {
    "xl/workbook.bin": "二进制表格（.xlsb）",
    "word/document.xml": "文字文档（.docx）",
    "content.xml": "ODF 文档",
}
_RESAVE = "请用办公软件打开后另存为 .xlsx，再重新提交"
_ROW = re.compile(rb"<(?:\w+:)?row[ >/]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_ERROR_CELL = re.compile(rb"""\bt\s*=\s*["']e["']""")
_PERCENT = re.compile(rb"""numFmtId\s*=\s*["'](?:9|10)["']|formatCode\s*=\s*["'][^"']*%""")


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the parts of an XLSX file show before it is opened: whether single cells need a closer look."""

    has_features: bool


def kind_of(data: bytes, file: str) -> Literal["csv", "xlsx"]:
    """``csv`` or ``xlsx``; raises RefusalError naming what else it is."""
    if not data.strip():
        raise refuse_file(file, "文件是空的", "请重新提交报表")
    if len(data) > LARGEST_FILE:
        raise refuse_file(file, f"文件超过 {LARGEST_FILE // 2**20} MB", "请删去无关内容，或分成几个文件")
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(_OLE):
        raise _ole(data, file)
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            raise refuse_file(file, f"是{name}，不是报表", "请提交 XLSX 或 CSV")
    return "csv"


def _ole(data: bytes, file: str) -> RefusalError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return refuse_file(file, "设有打开密码", "请取消密码后重新提交")
    return refuse_file(file, "是旧版格式（.xls 等）", _RESAVE)


def inspect_workbook(data: bytes, file: str) -> Workbook:
    """Reads every part of an XLSX file once, within limits, before any reader opens it.

    Raises RefusalError where the archive is damaged, too large once inflated, holds macros or an XML declaration of
    entities (DTD), or is another kind of document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_other_documents(archive, file)
            _refuse_bombs(archive, file)
            features = [_inspect_part(archive, part, file) for part in archive.infolist()]
            return Workbook(any(features))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise refuse_file(file, "文件损坏或不完整", "请从原件重新复制或另存") from error


def _refuse_other_documents(archive: zipfile.ZipFile, file: str) -> None:
    names = set(archive.namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refuse_file(file, "含有宏", "请另存为不含宏的 .xlsx 后重新提交")
    if "xl/workbook.xml" in names:
        return
    for mark, name in _OTHER_DOCUMENTS.items():
        if mark in names:
            raise refuse_file(file, f"是{name}", _RESAVE)
    raise refuse_file(file, "是压缩包，不是电子表格", "请解压后提交其中的报表")


def _refuse_bombs(archive: zipfile.ZipFile, file: str) -> None:
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    is_suspicious = inflated > 16 * _CHUNK and inflated / packed > LARGEST_RATIO
    if len(parts) > MOST_MEMBERS or inflated > LARGEST_INFLATED or is_suspicious:
        raise refuse_file(file, "展开后异常庞大，可能是恶意文件", "请用办公软件打开后另存为新文件，删去无关内容")


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> bool:
    """Reads one part to its end (which verifies its checksum); True where cells need a closer look."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    looked_for = (_FORMULA, _ERROR_CELL) if is_sheet else (_PERCENT,) if part.filename == "xl/styles.xml" else ()
    rows, features, before = 0, False, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = before + chunk
            if is_xml and b"<!DOCTYPE" in window.replace(b"\x00", b""):
                raise refuse_file(file, "内部含有实体声明（DTD），可能是恶意文件", _RESAVE)
            features = features or any(pattern.search(window) for pattern in looked_for)
            rows += len(_ROW.findall(window)) - len(_ROW.findall(before)) if is_sheet else 0
            if rows > MOST_ROWS:
                raise refuse_file(file, f"超过 {MOST_ROWS} 行", "请删去多余的行后重新提交")
            before = window[-_OVERLAP:]
    return features
