"""Where a run may write: the folders of one year and edition, and file names made safe; writes nothing itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stats.errors import SurroundingsError
from stats.files import DRAFT

LONGEST_NAME = 40
_NOT_IN_FILE_NAMES = re.compile(r"[^0-9A-Za-z_\-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def file_name_part(text: str) -> str:
    """A name from the roster as part of a file name: digits, Latin letters, ``_``, ``-`` and Chinese characters.

    >>> file_name_part("../双塘镇（街）.exe")
    '双塘镇街exe'
    """
    return _NOT_IN_FILE_NAMES.sub("", text)[:LONGEST_NAME]


def inside(folder: Path, name: str) -> Path:
    """The path of the file ``name`` directly in ``folder``; SurroundingsError if it leads elsewhere or is a link."""
    path = folder / name
    if path.is_symlink():
        raise SurroundingsError(f"{path} 是符号链接，不写入", "请删除该链接后重新运行")
    if path.name != name or name in ("", ".."):
        raise SurroundingsError(f"文件名“{name}”会写到输出文件夹之外", "请核对名册中的单位名称和代码")
    return path


@dataclass(frozen=True)
class Places:
    """The folders and files of one year and edition in a workspace."""

    workspace: Path
    year: int
    edition: str
    root: Path | None = None

    @cached_property
    def reports(self) -> Path:
        """The folder of all that is built: the workspace's, or ``root`` where a set is built on trial."""
        return self.root or self.workspace / "reports"

    @cached_property
    def year_folder(self) -> Path:
        return self.reports / str(self.year)

    @cached_property
    def folder(self) -> Path:
        return self.year_folder / self.edition

    @property
    def findings(self) -> Path:
        """The county's own work list, the same for every edition."""
        return self.year_folder / "findings.csv"

    @cached_property
    def data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def build(self) -> Path:
        return self.folder / ".build"

    @property
    def failed(self) -> Path:
        return self.build / "failed"

    @cached_property
    def staged(self) -> Path:
        return self.build / "staged"

    @property
    def withdrawn(self) -> Path:
        return self.build / "withdrawn"

    @property
    def logs(self) -> Path:
        return self.build / "logs"

    @property
    def plotting(self) -> Path:
        """Where the drawing library keeps its own settings, so that nothing is written to the user's home."""
        return self.build / "matplotlib"

    @property
    def ledger(self) -> Path:
        return self.build / "ledger.jsonl"

    @property
    def lock(self) -> Path:
        return self.build / "lock.json"

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def index(self) -> Path:
        return self.folder / "index.html"

    def memory(self) -> Path | None:
        """The folder, made if need be, that keeps what a check has read; None where it cannot be written."""
        folder = self.year_folder / ".build-check"
        try:
            for each in (self.reports, self.year_folder, folder):
                make_folder(each)
        except SurroundingsError:
            return None
        return folder

    def prepare(self) -> None:
        """Make the folders. SurroundingsError if one is a symbolic link or cannot be written."""
        wanted = (self.data, self.failed, self.staged, self.withdrawn, self.logs, self.plotting)
        for folder in (self.reports, self.year_folder, self.folder, self.build, *wanted):
            make_folder(folder)

    def clear_leftovers(self) -> None:
        """Remove what an interrupted run left: staged files, logs, and files it was writing."""
        drafts = (path for folder in (self.folder, self.data, self.build) for path in folder.glob(f".*{DRAFT}"))
        for path in (*self.staged.iterdir(), *self.logs.iterdir(), *drafts):
            path.unlink()


def make_folder(folder: Path) -> None:
    """Make one folder to write in. SurroundingsError if it is a symbolic link or cannot be made."""
    if folder.is_symlink():
        raise SurroundingsError(f"{folder} 是符号链接，不写入", "请删除该链接后重新运行")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SurroundingsError(
            f"不能在 {folder} 建立文件夹（{error.strerror}）", "请检查磁盘空间和写入权限"
        ) from error
