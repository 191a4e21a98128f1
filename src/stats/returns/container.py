"""What kind of file this is, by its content and never by its suffix; refuses by name what is no return."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Literal

from stats.inputs.doors import RETURNS
from stats.returns.finding_texts import RefusalError, refuse_file
from stats.returns.grid import MOST_ROWS
from stats.returns.xml_parts import DTD, RESAVE

LARGEST_FILE = RETURNS.largest
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
    b"{\\rtf": "文字文档（RTF）",
    b"MIME-Version:": "网页存档（MHT）",
    b"GIF8": "图片（GIF）",
}
_OFFICE_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et")
_SCRAMBLED = "内容不是表格，多半被单位的安全软件（文档加密）加密"
# The records with which spreadsheets of 1987 to 1994 begin, before they were wrapped in OLE.
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OLE_STREAMS = {"WordDocument": "旧版文字文档（.doc）", "PowerPoint Document": "旧版演示文稿（.ppt）"}
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
# What the zip reader lets through of a damaged archive.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError)
_ROW = re.compile(rb"<(?:\w+:)?row[ >/]")


def kind_of(data: bytes, file: str) -> Literal["csv", "xlsx"]:
    """``csv`` or ``xlsx``; raises RefusalError naming what else it is."""
    if not data.strip():
        raise refuse_file(file, "文件是空的", "请重新提交报表")
    refuse_oversized(data, file)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx"
    if data.startswith(_OLE):
        raise _ole(data, file)
    if data.startswith(_BARE_BIFF):
        raise refuse_file(file, "是旧版格式（.xls）", RESAVE)
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            remedy = "请解压后逐个提交其中的报表" if "压缩包" in name else "请提交 XLSX 或 CSV"
            raise refuse_file(file, f"是{name}，不是报表", remedy)
    if file.lower().endswith(_OFFICE_SUFFIXES) and _is_scrambled(data):
        raise refuse_file(file, _SCRAMBLED, "请先在本单位的加密软件中解密（另存仍会加密），再提交解密后的文件")
    return "csv"


def _is_scrambled(data: bytes) -> bool:
    """Whether the beginning is no text at all: one byte in twenty or more is a control that no text holds.

    The zero byte is none of them: half of a text in UTF-16 may be zeros.
    """
    head = data[:4096]
    controls = sum(0 < byte < 9 or 13 < byte < 32 or byte == 127 for byte in head)
    return controls * 20 > len(head)


def refuse_oversized(data: bytes, file: str) -> None:
    """RefusalError for more bytes than a return may have."""
    if len(data) > LARGEST_FILE:
        raise refuse_file(file, f"文件超过 {LARGEST_FILE // 2**20} MB", "请删去无关内容，或分成几个文件")


def _ole(data: bytes, file: str) -> RefusalError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return refuse_file(file, "设有打开密码", "请取消密码后重新提交")
    for stream, name in _OLE_STREAMS.items():
        if stream.encode("utf-16-le") in data:
            return refuse_file(file, f"是{name}，不是报表", "请提交 XLSX 或 CSV")
    return refuse_file(file, "是旧版格式（.xls 等）", RESAVE)


def inspect_workbook(data: bytes, file: str) -> None:
    """Reads every part of an XLSX file once, within limits, before any reader opens it.

    Raises RefusalError where the archive is damaged, encrypted, too large once inflated, holds macros or an XML
    declaration of entities (DTD).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, file)
            _refuse_locked(archive, file)
            for part in archive.infolist():
                _inspect_part(archive, part, file)
    except DAMAGED as error:
        raise refuse_file(file, "文件损坏或不完整", "请从原件重新复制或另存") from error


def _refuse_locked(archive: zipfile.ZipFile, file: str) -> None:
    names = [name.lower().replace("\\", "/") for name in archive.namelist()]
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise refuse_file(file, "设有密码", "请取消密码后重新提交")
    if any(name.endswith(_MACRO_PARTS) or "/macrosheets/" in name for name in names):
        raise refuse_file(file, "含有宏", "请另存为不含宏的 .xlsx 后重新提交")


def _refuse_bombs(archive: zipfile.ZipFile, file: str) -> None:
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    is_suspicious = inflated > 16 * _CHUNK and inflated / packed > LARGEST_RATIO
    if len(parts) > MOST_MEMBERS or inflated > LARGEST_INFLATED or is_suspicious:
        raise refuse_file(file, "展开后异常庞大，可能是恶意文件", "请用办公软件打开后另存为新文件，删去无关内容")


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> None:
    """Reads one part to its end (which verifies its checksum) and refuses what it may not hold."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    rows, before = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = before + chunk
            if is_xml and b"<!DOCTYPE" in window.replace(b"\x00", b""):
                raise refuse_file(file, DTD, RESAVE)
            rows += len(_ROW.findall(window)) - len(_ROW.findall(before)) if is_xml else 0
            if rows > MOST_ROWS:
                raise refuse_file(file, f"超过 {MOST_ROWS} 行", "请删去多余的行后重新提交")
            before = window[-_OVERLAP:]
