"""A folder of many counties, each a workspace of its own, and what they share. Reads no file."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

from stats.errors import ParamsError

COUNTY_FILE = "params/county.yaml"
COUNTIES = "counties"

_COUNTY_CODE = re.compile(r"[1-9][0-9]{5}(000000)?", re.ASCII)
_MOST_LISTED = 3


def is_region(folder: Path) -> bool:
    """Whether the folder holds many counties. ParamsError where it is a county's workspace at the same time."""
    if not os.path.isdir(folder / COUNTIES):  # what may not be looked into is said by whoever reads there
        return False
    if _is_there(folder / COUNTY_FILE):
        raise ParamsError(
            f"{folder.name} 既有 {COUNTY_FILE}，又有 {COUNTIES} 文件夹",
            f"一个工作目录只能是一种：单个县的，移走 {COUNTIES}；多个县的，把 {COUNTY_FILE} 移到该县自己的文件夹",
        )
    return True


def counties(folder: Path) -> tuple[Path, ...]:
    """The workspaces of a region's counties in code order; empty where the folder is no region.

    A folder goes by the county's code, of 6 digits or of 12. ParamsError for any other folder, a second one of the same
    county, a link, or one without parameters; files and hidden folders are left alone.
    """
    if not is_region(folder):
        return ()
    folders = [path for path in (folder / COUNTIES).iterdir() if path.is_dir() and not path.name.startswith(".")]
    found = tuple(sorted(folders, key=lambda path: path.name))
    _refuse(
        [path for path in found if not _COUNTY_CODE.fullmatch(path.name)],
        "的名称不是县级代码",
        "请以 6 位或 12 位（后六位为 000000）县级代码命名，其他文件夹请移到别处",
    )
    _refuse(
        [path for path in found if path.is_symlink()],
        "是链接",
        "请改为文件夹本身；县的文件夹须在多县工作目录之内",
    )
    _refuse(
        [second for first, second in pairwise(found) if first.name[:6] == second.name[:6]],
        "与另一文件夹是同一个县",
        "一个县只留一个文件夹",
    )
    _refuse(
        [path for path in found if not _is_there(path / COUNTY_FILE)],
        f"中没有 {COUNTY_FILE}",
        "请补上该县的参数文件，或移走该文件夹",
    )
    if not found:
        raise ParamsError(f"{folder.name}/{COUNTIES} 中没有县", "请为每个县建立以县级代码命名的文件夹")
    return found


def _refuse(folders: list[Path], what: str, remedy: str) -> None:
    if folders:
        listed = "、".join(f"{COUNTIES}/{path.name[:40]}" for path in sorted(folders)[:_MOST_LISTED])
        more = f"等 {len(folders)} 个" if len(folders) > _MOST_LISTED else ""
        raise ParamsError(f"{listed}{more}{what}", remedy)


def _is_there(path: Path) -> bool:
    """Whether there is such a file. One that may not be looked at is there: whoever reads it says what is wrong."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def region_of(workspace: Path) -> Path | None:
    """The region a county's workspace belongs to; None for a county on its own."""
    place = workspace.resolve()
    above = place.parent.parent
    is_inside = place.parent.name == COUNTIES and _is_there(place / COUNTY_FILE)
    return above if is_inside and is_region(above) else None


def shared_folders(workspace: Path, name: str) -> tuple[Path, ...]:
    """Where a county finds what it may share: its own folder of this name first, then its region's."""
    above = region_of(workspace)
    return (workspace / name, above / name) if above else (workspace / name,)


def check_code(workspace: Path, code: str) -> None:
    """ParamsError where a region's folder of a county goes by another code than the county's."""
    name = workspace.resolve().name
    if region_of(workspace) and name not in (code, code[:6]):
        raise ParamsError(
            f"{COUNTIES}/{name[:40]}/{COUNTY_FILE} 的县级代码是 {code}，与文件夹名不符",
            f"请核对代码；文件夹应名为 {code[:6]} 或 {code}",
        )


def find_region(start: Path | None = None) -> Path | None:
    """The nearest folder upwards that holds many counties; None inside one of them and in a county on its own."""
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if is_region(folder):
            return folder
        if _is_there(folder / COUNTY_FILE):
            return None
    return None


def refuse_region(folder: Path) -> None:
    """ParamsError where one county is asked for and the folder holds many."""
    if is_region(folder):
        raise ParamsError(
            f"{folder.name} 是多县工作目录，没有自己的 {COUNTY_FILE}",
            f"请在 {COUNTIES} 下某个县的文件夹中运行，或用 --workspace 指明该文件夹",
        )
