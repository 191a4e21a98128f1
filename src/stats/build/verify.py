"""Compares a published set with its manifest, and with the same set built again. Mends nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from stats.build.run import Watcher, build
from stats.build.state.build_state import Options
from stats.build.state.folder import is_regular, lying
from stats.build.state.lock import held
from stats.build.state.manifest import handed_out
from stats.build.state.output_paths import OutputPaths
from stats.build.state.sources import sha256
from stats.errors import ExitCode, ParamsError
from stats.params import Params

Kind = Literal["changed", "missing", "irregular", "extra", "differs", "not_rebuilt"]

KIND_LABELS: dict[Kind, str] = {
    "changed": "与清单不符，已被改动",
    "missing": "清单中有，文件夹中没有",
    "irregular": "应为文件，现在是链接、文件夹、管道或套接字",
    "extra": "清单中没有，不属于本套附件",
    "differs": "重新生成的内容不同",
    "not_rebuilt": "重新生成时没有得到",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as it should be, by its path in the set's folder."""

    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Verification:
    """How many files were compared, and which are not as they should be."""

    folder: Path
    files: int
    rebuilt: bool
    differences: tuple[Difference, ...]

    @property
    def exit_code(self) -> ExitCode:
        """3 if anything differs."""
        return ExitCode.RUN_FAILED if self.differences else ExitCode.COMPLETE


def verify(params: Params) -> Verification:
    """Every published file against the SHA-256 in the manifest, and the folder for files that it does not name."""
    paths = OutputPaths(params.workspace, params.year, params.edition)
    recorded = _recorded(paths)
    found = {path: _compared(paths.folder / path, digest) for path, digest in recorded.items()}
    differences = [
        *(Difference(path, kind) for path, kind in sorted(found.items()) if kind is not None),
        *(Difference(path, "extra") for path in lying(paths.folder) if path not in {*recorded, paths.manifest.name}),
    ]
    return Verification(paths.folder, len(recorded), rebuilt=False, differences=tuple(differences))


def _compared(path: Path, digest: str) -> Kind | None:
    if is_regular(path):
        return None if sha256(path) == digest else "changed"
    return "irregular" if os.path.lexists(path) else "missing"


def rebuild(params: Params, options: Options, watcher: Watcher) -> Verification:
    """Build the whole set once more, beside the published one, and compare every byte; the published set stays."""
    paths = OutputPaths(params.workspace, params.year, params.edition)
    _recorded(paths)
    paths.prepare()
    root = paths.internal / "rebuilt"
    trial = OutputPaths(params.workspace, params.year, params.edition, root)
    with held(paths.internal / "rebuild-lock.json"):
        shutil.rmtree(root, ignore_errors=True)
        try:
            build(params, options, watcher, trial)
            before, after = _hashes(paths.folder), _hashes(trial.folder)
        finally:
            shutil.rmtree(root, ignore_errors=True)
    differences = [
        *(Difference(path, "not_rebuilt") for path in sorted(before.keys() - after.keys())),
        *(Difference(path, "missing") for path in sorted(after.keys() - before.keys())),
        *(Difference(path, "differs") for path in _unequal(before, after)),
    ]
    return Verification(paths.folder, len(before), rebuilt=True, differences=tuple(differences))


def _unequal(these: Mapping[str, str], those: Mapping[str, str]) -> list[str]:
    return sorted(path for path in these.keys() & those.keys() if these[path] != those[path])


def _recorded(paths: OutputPaths) -> dict[str, str]:
    """What the manifest names, by path; ParamsError where there is none that can be read."""
    try:
        return handed_out(paths.manifest)
    except ValueError as error:
        raise ParamsError(
            f"{paths.manifest} 不存在或读不懂，没有可核对的清单", "请先运行 stats build 生成整套附件"
        ) from error


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of everything that lies in the folder, by its path; empty for what is no file."""
    return {path: sha256(folder / path) if is_regular(folder / path) else "" for path in lying(folder)}


def to_json(params: Params, found: Verification, *, folder: str) -> dict[str, Any]:
    """The result for machines; ``folder`` is the set's folder in the workspace."""
    return {
        "year": params.year,
        "edition": params.edition,
        "exit_code": found.exit_code,
        "folder": folder,
        "rebuilt": found.rebuilt,
        "files": found.files,
        "differences": [asdict(difference) for difference in found.differences],
    }
