"""Compares a published set with its manifest, and with the same set built again. Mends nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from stats.batch.lock import held
from stats.batch.manifest import FORMAT
from stats.batch.places import Places
from stats.batch.run import Watcher, build
from stats.batch.sources import sha256
from stats.batch.state import Options
from stats.errors import ExitCode, ParamsError
from stats.params import Params

Kind = Literal["changed", "missing", "extra", "differs", "not_rebuilt"]

KIND_LABELS: dict[Kind, str] = {
    "changed": "与清单不符，已被改动",
    "missing": "清单中有，文件夹中没有",
    "extra": "清单中没有的文件",
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
    places = Places(params.workspace, params.year, params.edition)
    recorded = _recorded(places)
    lying = {path: digest for path, digest in _lying(places.folder).items() if path != places.manifest.name}
    differences = [
        *(Difference(path, "missing") for path in sorted(recorded.keys() - lying.keys())),
        *(Difference(path, "extra") for path in sorted(lying.keys() - recorded.keys())),
        *(
            Difference(path, "changed")
            for path in sorted(recorded)
            if lying.get(path, recorded[path]) != recorded[path]
        ),
    ]
    return Verification(places.folder, len(recorded), rebuilt=False, differences=tuple(differences))


def rebuild(params: Params, options: Options, watcher: Watcher) -> Verification:
    """Build the whole set once more, beside the published one, and compare every byte; the published set stays."""
    places = Places(params.workspace, params.year, params.edition)
    _recorded(places)
    root = places.build / "rebuilt"
    trial = Places(params.workspace, params.year, params.edition, root)
    with held(places.build / "rebuild-lock.json"):
        shutil.rmtree(root, ignore_errors=True)
        try:
            build(params, options, watcher, trial)
            before, after = _lying(places.folder), _lying(trial.folder)
        finally:
            shutil.rmtree(root, ignore_errors=True)
    differences = [
        *(Difference(path, "not_rebuilt") for path in sorted(before.keys() - after.keys())),
        *(Difference(path, "missing") for path in sorted(after.keys() - before.keys())),
        *(Difference(path, "differs") for path in _unequal(before, after)),
    ]
    return Verification(places.folder, len(before), rebuilt=True, differences=tuple(differences))


def _unequal(these: Mapping[str, str], those: Mapping[str, str]) -> list[str]:
    return sorted(path for path in these.keys() & those.keys() if these[path] != those[path])


def _recorded(places: Places) -> dict[str, str]:
    """What the manifest names, by path; ParamsError where there is none that can be read."""
    try:
        content: Mapping[str, Any] = json.loads(places.manifest.read_bytes())
        if content["format"] != FORMAT:
            raise ValueError("another format")
        named: dict[str, str] = dict(content["files"])
        for entry in content["documents"]:
            named |= entry["files"] | entry["stale"]
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise ParamsError(
            f"{places.manifest} 不存在或读不懂，没有可核对的清单", "请先运行 stats build 生成整套附件"
        ) from error
    return named


def _lying(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of the set, by its path in the folder, without what is kept for the next run."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {name.as_posix(): _hash(path) for name, path in files.items() if name.parts[0] != ".build"}


def _hash(path: Path) -> str:
    """A file's SHA-256; none for a link, which is no published file whatever it leads to."""
    return "" if path.is_symlink() else sha256(path)


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
