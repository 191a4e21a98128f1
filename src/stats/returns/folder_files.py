"""The files in a folder of returns: which are read, and their bytes. Knows nothing of what is in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from stats import inputs
from stats.findings import Finding
from stats.returns.container import LARGEST_FILE
from stats.returns.finding_texts import found, refuse_file
from stats.texts.drawable import listed, undrawable
from stats.texts.privacy import HIDDEN, is_private_label, shown

_MOST_COUNTED = 1000


def skipped(path: Path, year: int) -> Finding | None:
    """Why a file is not read; None where it is."""
    where: dict[str, Any] = {"file": f"{year}/{path.name}", "year": year}
    if path.name.startswith("~$"):
        where["file"] = f"{year}/{shown_name(path.name)}"
        return found("R-LOCK", where)
    if missing := undrawable(path.name):
        where["file"] = f"{year}/{shown_name(path.name)}"
        problem = f"文件名含有无法识别或不能印出的字符（{listed(missing)}）"
        return found("R-FILE", where, problem=problem, remedy="请改名后重新提交")
    if is_private_label(path.name):
        where["file"] = f"{year}/{HIDDEN}"
        problem = "文件名含有疑似电话号码、身份证号、部队番号或姓名"
        return found("R-FILE", where, problem=problem, remedy="请改名（建议“代码-单位名称.xlsx”）后重新提交")
    if path.is_symlink():
        return found("R-FILE", where, problem="是链接，不是文件", remedy="请放入文件本身")
    if path.is_dir():
        count = files_in(path)
        return found("R-UNREAD" if count else "R-SKIPPED", where, what=f"是子文件夹，其中 {count} 个文件", year=year)
    if is_system_file(path.name):
        return found("R-SKIPPED", where, what="是系统文件", year=year)
    return None


def is_system_file(name: str) -> bool:
    """Whether a file is none of a person's: hidden, of the system, or the lock of an office program."""
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini", "__macosx")


def files_in(folder: Path) -> int:
    """How many files lie in a folder and below it, without those of the system; beyond a thousand none is counted."""
    count = 0
    for _, _, names in os.walk(folder):
        count += sum(not is_system_file(name) for name in names)
        if count > _MOST_COUNTED:
            break
    return count


def shown_name(name: str) -> str:
    """The name of a file as it may be copied to a finding."""
    return HIDDEN if is_private_label(name) else shown(name)


def content(path: Path, file: str) -> bytes:
    """The bytes of a file, read once and never more than a return may have.

    RefusalError for what is no file or too large a one, UnreadableError where the system does not give the bytes: that
    says nothing of the file.
    """
    try:
        return inputs.content(path, file, largest=LARGEST_FILE, links=False)
    except inputs.UnfitError as unfit:
        raise refuse_file(file, unfit.problem, unfit.remedy) from unfit
