"""A folder full of what would be run if it were taken for code: each piece leaves a mark when that happens."""

from __future__ import annotations

import py_compile
import sys
from collections.abc import Iterable
from pathlib import Path

from make_workspace import YEAR
from stats.build.state.output_paths import OutputPaths

# What the library, its notebooks and its commands lean on, and what Python and Jupyter look for by themselves.
LIBRARIES = (
    *("stats", "pandas", "numpy", "matplotlib", "matplotlib_inline", "seaborn", "dateutil", "PIL", "openpyxl"),
    *("papermill", "nbformat", "nbclient", "nbconvert", "jupyter", "jupyter_client", "jupyter_core", "ipykernel"),
    *("ipykernel_launcher", "IPython", "traitlets", "zmq", "tornado", "comm", "debugpy", "stack_data", "pexpect"),
    *("typst", "jinja2", "markupsafe", "fontTools", "pydantic", "typer", "click", "rich", "yaml", "ruamel", "psutil"),
    *("dask", "distributed", "defusedxml", "charset_normalizer", "xlsxwriter", "python_calamine"),
)  # fmt: skip
START_FILES = (
    *("sitecustomize", "usercustomize", "conftest", "custom", "startup"),
    *("ipython_config", "ipython_kernel_config", "jupyter_config", "jupyter_client_config", "jupyter_nbclient_config"),
    *("jupyter_papermill_config", "poisoned_backend"),
)
FOLDERS = (
    "profile_default", "profile_default/startup", ".ipython/profile_default", ".ipython/profile_default/startup",
    ".jupyter", ".jupyter/custom", "custom", "etc/jupyter", "etc/ipython", ".config/matplotlib", "notebooks",
)  # fmt: skip
# Those that a process has imported before it can be told where not to look, and those without a file.
STANDARD = tuple(sorted(sys.stdlib_module_names - set(sys.builtin_module_names) - {"this", "antigravity"}))


def poison(
    folder: Path, marks: Path, names: Iterable[str] = (*LIBRARIES, *STANDARD), *, start: Iterable[str] = START_FILES
) -> None:
    """Modules of these names, start files in every place, a path file, and settings of the drawing library."""
    marks.mkdir(exist_ok=True)
    for name in (*names, *start):
        _write(folder / f"{name}.py", marks)
    for inner in FOLDERS:
        for name in START_FILES:
            _write(folder / inner / f"{name}.py", marks)
    (folder / "poison.pth").write_text(f"import pathlib; pathlib.Path({str(marks / 'pth')!r}).touch()\n", "utf-8")
    internal = OutputPaths(folder, YEAR, "meeting").internal / "matplotlib"  # where an earlier version kept them
    for place in (folder, folder / ".config/matplotlib", internal):
        place.mkdir(parents=True, exist_ok=True)
        (place / "matplotlibrc").write_text(
            "backend: module://poisoned_backend\nsvg.hashsalt: poison\npath.sketch: 9, 9, 9\n", "utf-8"
        )


def poison_compiled(folder: Path, marks: Path, names: Iterable[str] = (*LIBRARIES, *STANDARD)) -> None:
    """The same modules without their sources: compiled ones, and those of a cache beside them."""
    marks.mkdir(exist_ok=True)
    (folder / "__pycache__").mkdir(parents=True, exist_ok=True)
    for name in names:
        source = _write(folder / f"{name}.py", marks)
        py_compile.compile(str(source), cfile=str(folder / f"{name}.pyc"))
        py_compile.compile(str(source))
        source.unlink()


def marked(marks: Path, *, by_others_than: int = 0) -> list[str]:
    """What was run, and by which process."""
    return sorted(path.name for path in marks.iterdir() if not path.name.endswith(f"-{by_others_than}"))


def _write(path: Path, marks: Path) -> Path:
    """A module that says that it was run by a file; it needs no other module for that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = f"{marks / path.parent.name}-{path.stem}-"
    path.write_text(
        f"import posix as system\nsystem.close(system.open({mark!r} + str(system.getpid()), 65, 384))\n",
        encoding="utf-8",
    )
    return path
