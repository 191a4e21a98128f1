"""Puts finished bytes into a file so that a reader sees the old file or the new one, never half of one."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stats.errors import RunEnvironmentError

# How the names of temporary files end, which a killed process leaves.
DRAFT = ".part"
_LONGEST_PART = 40
_NOT_IN_FILE_NAMES = re.compile(r"[^0-9A-Za-z_\-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def write_atomically(path: Path, data: bytes, *, draft_in: Path | None = None) -> None:
    """Writes ``data`` to ``path`` by way of a temporary file in the same folder, or in another of the same disk.

    The bytes and then the folder are flushed to the disk, so that a power cut too leaves the old file or the
    new one. The folder must exist and ``path`` must not be a symbolic link. Raises RunEnvironmentError with the
    path and the free space if the disk refuses; the old file is then untouched and no temporary file is left.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "附件2.html", b"<p>")
    ...     [(path.name, path.read_bytes()) for path in Path(folder).iterdir()]
    [('附件2.html', b'<p>')]
    """
    if path.is_symlink():
        raise RunEnvironmentError(f"{path} 是符号链接，拒绝写入", "请删除该链接后重新运行")
    try:
        _replace(path, data, draft_in or path.parent)
    except OSError as error:
        raise RunEnvironmentError(
            f"写不进文件 {path}：{error.strerror or error}（剩余空间 {free_space(path.parent)}）",
            "请检查磁盘空间和文件夹权限，处理后重新运行；原有文件未改动",
        ) from error


def _replace(path: Path, data: bytes, draft_in: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=DRAFT, dir=draft_in)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; a published one is readable as any other new file is.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush a folder to the disk, so that the names in it survive a power cut."""
    if os.name == "nt":  # Windows cannot open a folder; its rename is already in the journal.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def blaming_the_disk(folder: Path) -> Iterator[None]:
    """Whatever the system refuses in this block becomes a RunEnvironmentError with the path and the free space."""
    try:
        yield
    except OSError as error:
        raise RunEnvironmentError(
            f"读写 {error.filename or folder} 失败：{error.strerror or error}（剩余空间 {free_space(folder)}）",
            "请检查磁盘空间和文件夹权限，处理后重新运行；原有文件未改动或会在下次运行时补齐",
        ) from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def free_space(folder: Path) -> str:
    """The free space of the disk a folder lies on, or would lie on if it were there, as printed in messages."""
    import shutil

    try:
        there = next(each for each in (folder, *folder.parents) if each.exists())
        return f"{shutil.disk_usage(there).free:,} 字节"
    except OSError:
        return "未知"


def file_name_part(text: str) -> str:
    """A name from the roster as part of a file name: digits, Latin letters, ``_``, ``-`` and Chinese characters.

    >>> file_name_part("../双塘镇（街）.exe")
    '双塘镇街exe'
    """
    return _NOT_IN_FILE_NAMES.sub("", text)[:_LONGEST_PART]
