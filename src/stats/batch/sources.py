"""What a run is made of, by SHA-256: inputs, notebooks, code, lock file, fonts, parameters; builds nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import stats
from stats.params import Params

if TYPE_CHECKING:
    from stats.batch.notebooks import Template

LOCK_FILE = "requirements.lock"
_FONTS = frozenset({".otf", ".ttf", ".ttc"})


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a document follows from; ``inputs``, ``notebooks`` and ``fonts`` by file name."""

    inputs: Mapping[str, str]
    notebooks: Mapping[str, str]
    code: str
    version: str
    lock: str
    fonts: Mapping[str, str]
    params: str

    def fingerprint(self, notebook: str, parameters: Iterable[tuple[str, str | int]]) -> str:
        """One hash for a document: the same as long as nothing it follows from has changed."""
        parts = [
            sorted(self.inputs.items()),
            self.notebooks[notebook],
            self.code,
            self.lock,
            sorted(self.fonts.items()),
            self.params,
            sorted(parameters),
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8")).hexdigest()


def sources(params: Params, *, inputs: Mapping[str, str], templates: Iterable[Template]) -> Sources:
    """The sources of a run; ``inputs`` are the returns as read (file to SHA-256), benchmarks are added here."""
    return Sources(
        inputs=dict(sorted({**inputs, **_benchmarks(params.workspace)}.items())),
        notebooks={template.name: template.sha256 for template in templates},
        code=_code(),
        version=stats.__version__,
        lock=_lock(),
        fonts=_fonts(),
        params=params.fingerprint,
    )


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    """What this installation brings to every document, by hash: code, lock file and fonts."""
    fonts = json.dumps(sorted(_fonts().items())).encode("utf-8")
    return {"code": _code(), "lock": _lock(), "fonts": hashlib.sha256(fonts).hexdigest()}


def lock_file() -> Path | None:
    """The lock file; None where the package runs from an installation that has none beside it."""
    path = _package().parents[1] / LOCK_FILE
    return path if path.is_file() else None


@cache
def _package() -> Path:
    return Path(str(files("stats")))


def _package_files() -> list[Path]:
    return sorted(path for path in _package().rglob("*") if path.is_file() and "__pycache__" not in path.parts)


@cache
def _code() -> str:
    """One hash over every file of the package but fonts and notebooks, which have their own."""
    total = hashlib.sha256()
    for path in _package_files():
        if path.suffix not in _FONTS | {".ipynb", ".pyc"}:
            total.update(f"{path.relative_to(_package()).as_posix()} {sha256(path)}\n".encode())
    return total.hexdigest()


@cache
def _fonts() -> Mapping[str, str]:
    return {path.name: sha256(path) for path in _package_files() if path.suffix in _FONTS}


def _lock() -> str:
    """The lock file's hash; empty where the package runs from an installation that has none beside it."""
    path = lock_file()
    return sha256(path) if path else ""


def _benchmarks(workspace: Path) -> dict[str, str]:
    folder = workspace / "data" / "benchmarks"
    return {f"data/benchmarks/{path.name}": sha256(path) for path in sorted(folder.glob("*.csv"))}
