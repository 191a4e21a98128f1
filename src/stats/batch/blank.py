"""An empty workspace: the parameter file to fill in and the folders the returns go into. Invents no county."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

from stats.batch.places import make_folder
from stats.errors import ParamsError

_FILES = {
    "params/county.yaml": "blank_county.yaml",
    "params/roster.csv": "blank_roster.csv",
    "说明.md": "blank_guide.md",
}


def write(folder: Path, *, today: date | None = None) -> None:
    """Write an empty workspace for last year's report into a new or empty folder (else ParamsError)."""
    year = str((today or date.today()).year - 1)
    refuse_filled(folder)
    for target, name in _FILES.items():
        make_folder((folder / target).parent)
        text = files(__package__).joinpath(name).read_text(encoding="utf-8")
        (folder / target).write_text(text.replace("{{year}}", year), encoding="utf-8")
    for empty in (f"data/returns/{year}", "data/benchmarks", "params/targets"):
        make_folder(folder / empty)


def refuse_filled(folder: Path) -> None:
    """ParamsError if the folder holds anything: nothing of the user's is written over."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ParamsError(f"{folder} 已存在且不是空文件夹", "请换一个新的文件夹名，以免覆盖已有文件")
