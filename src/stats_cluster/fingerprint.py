"""Whether a worker may take part: it must see the same data and run the same code as this machine. Builds nothing."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from stats import params
from stats.build.documents.notebooks import template
from stats.build.state import sources
from stats.errors import StatsError

# Built-in types only: a worker with other code must be able to answer, and this machine to read the answer.
EnvironmentFingerprint = dict[str, Any]

_WHOLE = {
    "code": "程序代码",
    "cluster": "stats_cluster 程序代码",
    "lock": "锁定文件 requirements.lock",
    "fonts": "字体",
}
# What this package itself needs is not in the lock file of a run.
_OWN_PACKAGES = ("dask", "distributed")


def fingerprint(
    folder: Path, year: int, edition: str, inputs: list[str], notebooks: list[str]
) -> EnvironmentFingerprint:
    """What this process is and sees in the workspace: Python, packages, code, fonts, notebooks and files by hash."""
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "packages": _packages(),
        **sources.installed(),
        "cluster": _own_code(),
        "params": _params(folder, year, edition),
        "notebooks": {name: _notebook(folder, name) for name in notebooks},
        "inputs": {name: _file(folder / name) for name in inputs},
    }


def differences(expected: EnvironmentFingerprint, seen: EnvironmentFingerprint) -> tuple[str, ...]:
    """In Chinese, everything in which a worker differs from what is expected of it."""
    return tuple(_differences(expected, seen))


def _differences(expected: EnvironmentFingerprint, seen: EnvironmentFingerprint) -> Iterator[str]:
    if seen["python"] != expected["python"]:
        yield f"Python 版本不同（{seen['python']}，应为 {expected['python']}）"
    for name, label in _WHOLE.items():
        if seen[name] != expected[name]:
            yield f"{label}不同"
    for name in _differing(expected["packages"], seen["packages"]):
        has, wanted = seen["packages"].get(name) or "无", expected["packages"].get(name) or "无"
        yield f"软件包 {name} 版本不同（{has}，应为 {wanted}）"
    for name in _differing(expected["notebooks"], seen["notebooks"]):
        yield f"笔记本 {name} 不同" if seen["notebooks"].get(name) else f"看不到笔记本 {name}"
    if seen["params"] != expected["params"]:
        yield "参数文件不同" if seen["params"] else "看不到参数文件 params/county.yaml"
    yield from _about_data(expected["inputs"], seen["inputs"])


def _about_data(expected: Mapping[str, str], seen: Mapping[str, str]) -> Iterator[str]:
    differing = _differing(expected, seen)
    unseen = [name for name in differing if not seen.get(name)]
    changed = [name for name in differing if seen.get(name)]
    if unseen:
        yield f"看不到数据 {unseen[0]}{_and_more(unseen)}"
    if changed:
        yield f"数据 {changed[0]} 内容不同{_and_more(changed)}"


def _and_more(names: list[str]) -> str:
    return f"等 {len(names)} 个文件" if len(names) > 1 else ""


def _differing(expected: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
    return [name for name in sorted(expected) if seen.get(name, "") != expected[name]]


def _packages() -> dict[str, str]:
    """The version of each package that the lock file names, and of dask; empty where it is not there."""
    return {name: _version(name) for name in (*_locked_names(), *_OWN_PACKAGES)}


def _own_code() -> str:
    """One hash over the modules of this package, which is no part of what documents are made of."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256("".join(f"{path.name} {sources.sha256(path)}\n" for path in modules).encode()).hexdigest()


def _locked_names() -> Iterable[str]:
    path = sources.lock_file()
    return re.findall(r"^([A-Za-z0-9._-]+)==", path.read_text(encoding="utf-8"), re.MULTILINE) if path else ()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _params(workspace: Path, year: int, edition: str) -> str:
    try:
        return params.load(workspace, year=year, edition=edition).fingerprint
    except (StatsError, OSError):
        return ""


def _notebook(workspace: Path, name: str) -> str:
    try:
        return template(workspace, name).digest
    except (StatsError, OSError):
        return ""


def _file(path: Path) -> str:
    try:
        return sources.sha256(path)
    except OSError:
        return ""
