"""Bytes of a text file to text: UTF-8, UTF-16 with BOM, GB18030. Refuses what decodes to other words."""

from __future__ import annotations

import codecs
from typing import NoReturn

from stats.inputs.opening import UnfitError

RESAVE = "请用办公软件打开原件，另存为“CSV UTF-8”或 XLSX 后重新提交"
_HEAD = 65536
# Words that every return in Chinese has in its heads or names; in a wrong encoding none of them is there.
_WORDS = ("镇", "乡", "街道", "县", "全年", "单位", "统计", "年度", "春季", "秋季", "备注", "数", "是")
_TRADITIONAL = ("鎮", "鄉", "街道", "縣", "全年", "單位", "統計", "年度", "春季", "秋季", "備註", "數", "是")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    Raises UnfitError for another encoding, for Big5 (which GB18030 would read as other characters), for damaged
    UTF-8, and for text that was saved in the wrong encoding once before.
    """
    text, name = _decoded(data)
    if name == "GB18030":
        _refuse_misread(data, text)
    _refuse_mojibake(text)
    return text, name


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = [("utf-16", "UTF-16")]
    elif data.startswith(codecs.BOM_UTF8):
        candidates = [("utf-8-sig", "UTF-8")]
    else:
        candidates = [("utf-8", "UTF-8"), ("gb18030", "GB18030")]
    for codec, name in candidates:
        try:
            return data.decode(codec, "strict"), name
        except UnicodeDecodeError:
            continue
    _refuse_unknown(data)


def _refuse_unknown(data: bytes) -> NoReturn:
    _refuse_damaged_utf8(data, "")
    from charset_normalizer import from_bytes  # slow to import, and needed for a message only

    guess = from_bytes(data[:_HEAD]).best()
    likely = f"（可能是 {guess.encoding}）" if guess else ""
    raise UnfitError(f"编码无法识别{likely}", RESAVE)


def _refuse_misread(data: bytes, text: str) -> None:
    """GB18030 takes nearly any bytes: where another reading has the words and this one has not, it is the wrong one."""
    _refuse_damaged_utf8(data, text)
    as_big5 = data[:_HEAD].decode("big5hkscs", "ignore")
    if _words(as_big5, _TRADITIONAL) > _words(text[:_HEAD], _WORDS):
        raise UnfitError("编码是 Big5（繁体中文系统），表头和名称无法识别", RESAVE)


def _refuse_damaged_utf8(data: bytes, text: str) -> None:
    as_utf8 = data[:_HEAD].decode("utf-8", "ignore")
    if _words(as_utf8, _WORDS) > _words(text[:_HEAD], _WORDS):
        raise UnfitError("是 UTF-8 编码，但有损坏的字节", "请从原件重新复制，或打开原件重新另存")


def _refuse_mojibake(text: str) -> None:
    head = text[:_HEAD]
    before = head.encode("gb18030", "ignore").decode("utf-8", "ignore")
    if _words(before, _WORDS) > _words(head, _WORDS):
        raise UnfitError(
            "表头和文字已是乱码（UTF-8 的文件曾被当作 GBK 打开并保存）", "请找到乱码之前的原件，另存后重新提交"
        )


def _words(text: str, words: tuple[str, ...]) -> int:
    return sum(word in text for word in words)
