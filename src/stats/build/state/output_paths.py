"""Where a run may write: what is handed out, what stays inside, and file names made safe; writes nothing itself."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stats.build.state.folder import FOLDER, irregular
from stats.errors import RunEnvironmentError
from stats.files import DRAFT, free_space
from stats.texts.printable import escaped, unprintable

INTERNAL = ".internal"
WORKLISTS = "退回核对表"
_LONGEST_ANYWHERE = 255
_SEPARATORS = frozenset("/\\:")


def is_plain_name(name: object) -> bool:
    """Whether this is the name of a file in whatever folder it is put, on any system: no path, nothing invisible.

    >>> [is_plain_name(name) for name in ("附件2.html", "../附件2.html", "C:附件2", "..", "", None)]
    [True, False, False, False, False, False]
    """
    if not isinstance(name, str) or name in ("", ".", "..") or unprintable(name):
        return False
    return not _SEPARATORS & set(name) and len(name.encode()) <= _LONGEST_ANYWHERE


def is_path_inside(path: object) -> bool:
    """Whether this is a path below whatever folder it is put to: plain names with ``/`` in between."""
    return isinstance(path, str) and all(map(is_plain_name, path.split("/")))


def inside(folder: Path, name: str) -> Path:
    """The path of the file ``name`` directly in ``folder``.

    RunEnvironmentError if it leads elsewhere, or something lies there that is no file. Every name that was read from a
    file, or came from another process, goes through here before it is a path.
    """
    if not is_plain_name(name):
        raise RunEnvironmentError(f"文件名“{escaped(name)}”会写到输出文件夹之外", "请核对名册中的单位名称和代码")
    path = folder / name
    if found := irregular(path):
        raise RunEnvironmentError(f"{path} 是{found}，不写入", f"请移走或删除该{found}后重新运行")
    return path


@dataclass(frozen=True)
class OutputPaths:
    """The folders and files of one year and edition in a workspace.

    ``folder`` is handed out as it lies there. Everything else a run keeps lies below ``.internal`` of the year, which
    only this account can enter.
    """

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

    @cached_property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def manifest(self) -> Path:
        """What whoever receives the set can check it by."""
        return self.folder / "manifest.json"

    @cached_property
    def internal_of_year(self) -> Path:
        return self.year_folder / INTERNAL

    @property
    def findings(self) -> Path:
        """The county's own work list, the same for every edition."""
        return self.internal_of_year / "findings.csv"

    @property
    def read_cache(self) -> Path:
        return self.internal_of_year / "read-cache"

    @cached_property
    def internal(self) -> Path:
        return self.internal_of_year / self.edition

    @property
    def record(self) -> Path:
        """The manifest with all that the set was made of."""
        return self.internal / "manifest.json"

    @property
    def worklists(self) -> Path:
        """What is asked of the units, one file for each, where it is not handed out."""
        return self.internal / WORKLISTS

    @property
    def failed(self) -> Path:
        return self.internal / "failed"

    @cached_property
    def staged(self) -> Path:
        return self.internal / "staged"

    @property
    def withdrawn(self) -> Path:
        return self.internal / "withdrawn"

    @property
    def logs(self) -> Path:
        return self.internal / "logs"

    @property
    def ledger(self) -> Path:
        return self.internal / "ledger.jsonl"

    @property
    def lock(self) -> Path:
        return self.internal / "lock.json"

    @property
    def index(self) -> Path:
        return self.folder / "index.html"

    def memory(self) -> Path | None:
        """The folder, made if need be, that keeps what a check has read; None where it cannot be written."""
        try:
            self.prepare_year()
            make_folder(self.read_cache)
        except RunEnvironmentError:
            return None
        return self.read_cache

    def prepare_year(self) -> None:
        """Make the folder of what is kept for the year. RunEnvironmentError as :meth:`prepare`."""
        for folder in (self.reports, self.year_folder):
            make_folder(folder)
        make_private_folder(self.internal_of_year)

    def prepare(self) -> None:
        """Make the folders. RunEnvironmentError if one is a symbolic link or cannot be written."""
        self.prepare_year()
        make_private_folder(self.internal)
        for folder in (self.folder, self.data, self.failed, self.staged, self.withdrawn, self.logs):
            make_folder(folder)

    def clear_leftovers(self) -> None:
        """Remove what an interrupted run left: staged files, logs, and files it was writing."""
        drafts = (path for folder in (self.folder, self.data, self.internal) for path in folder.glob(f".*{DRAFT}"))
        for path in (*self.staged.iterdir(), *self.logs.iterdir(), *drafts):
            if irregular(path) != FOLDER:  # no run leaves one there
                path.unlink()


def make_private_folder(folder: Path) -> None:
    """The same for a folder that no other account can enter, whatever this one allows new files."""
    make_folder(folder, mode=0o700)
    with suppress(OSError):  # a file system without permissions of its own has none to take away
        os.chmod(folder, 0o700)
    if os.name == "posix" and folder.stat().st_uid != os.getuid():
        raise RunEnvironmentError(f"{folder} 是别的账户建立的，不写入", "请改由该账户运行，或由其删除该文件夹后重试")


def make_folder(folder: Path, *, mode: int = 0o777, above: bool = True) -> None:
    """Make one folder to write in, and those ``above``. RunEnvironmentError if it is a link or cannot be made."""
    if folder.is_symlink():
        raise RunEnvironmentError(f"{folder} 是符号链接，不写入", "请删除该链接后重新运行")
    try:
        folder.mkdir(mode, parents=above, exist_ok=True)
    except OSError as error:
        raise RunEnvironmentError(
            f"不能建立文件夹 {folder}：{error.strerror}（剩余空间 {free_space(folder.parent)}）",
            "请检查磁盘空间和写入权限",
        ) from error
