"""The files in a folder of returns: which are read, and their bytes. Knows nothing of what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stats import inputs
from stats.findings import Finding
from stats.returns.container import LARGEST_FILE
from stats.returns.rules import found, refuse_file
from stats.texts.drawable import listed, undrawable
from stats.texts.privacy import HIDDEN, is_private_label, shown


def skipped(path: Path, year: int) -> Finding | None:
    """Why a file is not read; None where it is."""
    where: dict[str, Any] = {"file": f"{year}/{path.name}", "year": year}
    if path.name.startswith("~$"):
        where["file"] = f"{year}/{_shown_name(path.name)}"
        return found("R-LOCK", where)
    if missing := undrawable(path.name):
        where["file"] = f"{year}/{_shown_name(path.name)}"
        problem = f"文件名含有无法识别或不能印出的字符（{listed(missing)}）"
        return found("R-FILE", where, problem=problem, remedy="请改名后重新提交")
    if is_private_label(path.name):
        where["file"] = f"{year}/{HIDDEN}"
        problem = "文件名含有疑似电话号码、身份证号、部队番号或姓名"
        return found("R-FILE", where, problem=problem, remedy="请改名（建议“代码-单位名称.xlsx”）后重新提交")
    if path.is_symlink():
        return found("R-FILE", where, problem="是链接，不是文件", remedy="请放入文件本身")
    if path.is_dir():
        return found("R-SKIPPED", where, what="是子文件夹", year=year)
    if path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini"):
        return found("R-SKIPPED", where, what="是系统文件", year=year)
    return None


def _shown_name(name: str) -> str:
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
