"""What a run is made of, by SHA-256: inputs, notebooks, code, lock file, fonts, parameters; builds nothing.

Two questions are answered. Has anything at all changed since the last whole run: :func:`everything`, which reads the
bytes of the inputs and no more. And what does one document follow from: :meth:`Sources.of_document`, where the inputs
count only by what the document shows of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import stats
from stats.inputs import digest
from stats.inputs.doors import RETURNS
from stats.params import Params

if TYPE_CHECKING:
    from stats.build.documents.notebooks import Template

LOCK_FILE = "requirements.lock"
_FONTS = frozenset({".otf", ".ttf", ".ttc", ".woff2"})


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a document follows from; ``inputs``, ``notebooks`` (by digest) and ``fonts`` by file name."""

    inputs: Mapping[str, str]
    notebooks: Mapping[str, str]
    code: str
    version: str
    lock: str
    fonts: Mapping[str, str]
    params: str

    def data(self) -> str:
        """One hash over all inputs and parameters, for a document of which it is not known what it shows of them."""
        return _digest([sorted(self.inputs.items()), self.params])

    def of_document(
        self, notebook: str, parameters: Iterable[tuple[str, str | int]], *, meaning: str
    ) -> dict[str, str]:
        """What a document follows from, part by part; ``meaning`` stands for what it shows of the data."""
        return {
            "data": meaning,
            "notebook": self.notebooks[notebook],
            "parameters": _digest(sorted(parameters)),
            "code": self.code,
            "lock": self.lock,
            "fonts": _digest(sorted(self.fonts.items())),
        }


PART_LABELS = {
    "data": "数据",
    "notebook": "笔记本",
    "parameters": "参数",
    "code": "程序",
    "lock": "依赖包",
    "fonts": "字体",
}


def everything(params: Params, notebooks: Mapping[str, str], years: Iterable[int]) -> str:
    """One hash over all that decides a whole set: unchanged, it need not even be looked at what is in the inputs.

    ``notebooks`` gives the digest of each by name; ``years`` are those whose returns are read.
    """
    parts = [
        params.fingerprint,
        sorted(notebooks.items()),
        _code(),
        lock_hash(),
        sorted(_fonts().items()),
        list(_input_files(params.workspace, years)),
    ]
    return _digest(parts)


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogateescape")).hexdigest()


def _input_files(workspace: Path, years: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Everything in the folders a run reads, by its path in the workspace; what is no file counts by its name."""
    for folder in input_folders(years):
        for path in sorted((workspace / folder).glob("*")):
            yield f"{folder}/{path.name}", "" if path.is_symlink() else digest(path, RETURNS.largest)


def input_folders(years: Iterable[int]) -> tuple[str, ...]:
    """The folders of the workspace whose files a run reads, beside its parameters."""
    known = tuple(years)
    returns = (f"data/returns/{year}" for year in known)
    return (
        *returns,
        f"data/texts/{max(known)}",
        *(f"data/{kind}" for kind in ("corrections", "explanations", "benchmarks", "issued")),
    )


def parameter_files(workspace: Path) -> dict[str, str]:
    """The SHA-256 of every file of the parameters, by its path in the workspace."""
    paths = sorted(path for path in (workspace / "params").rglob("*") if path.is_file())
    return {path.relative_to(workspace).as_posix(): digest(path, RETURNS.largest) for path in paths}


def sources(params: Params, *, inputs: Mapping[str, str], templates: Iterable[Template]) -> Sources:
    """The sources of a run; ``inputs`` are the files under ``data`` as read (file to SHA-256)."""
    return Sources(
        inputs=dict(sorted(inputs.items())),
        notebooks={template.name: template.digest for template in templates},
        code=_code(),
        version=stats.__version__,
        lock=lock_hash(),
        fonts=_fonts(),
        params=params.fingerprint,
    )


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def installed() -> dict[str, str]:
    """What this installation brings to every document, by hash: code, lock file and fonts."""
    fonts = json.dumps(sorted(_fonts().items())).encode("utf-8")
    return {"code": _code(), "lock": lock_hash(), "fonts": hashlib.sha256(fonts).hexdigest()}


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


def lock_hash() -> str:
    """The lock file's hash; empty where the package runs from an installation that has none beside it."""
    path = lock_file()
    return sha256(path) if path else ""
