"""What the project's own files promise: environment, lock files, package, Makefile, README."""

from __future__ import annotations

import ast
import json
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import stats

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "stats"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def environment() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def locked(file: str) -> list[tuple[Requirement, str]]:
    """Each requirement of a lock file with the text of its entry."""
    text = (ROOT / file).read_text(encoding="utf-8")
    entries = re.findall(r"^[A-Za-z0-9][^\n]*(?:\n[ ]+[^\n]*)*", text, re.MULTILINE)
    return [(Requirement(entry.split("\\")[0].strip()), entry) for entry in entries]


def pins(file: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for requirement, _ in locked(file):
        found.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    return found


# Each with the groups of dependencies it locks.
LOCK_FILES = {
    "requirements.lock": ("build",),
    "requirements-dev.lock": ("build", "dev"),
    "requirements-lab.lock": ("build", "lab"),
    "requirements-cluster.lock": ("build", "cluster"),
}
# Needed though no file of ours imports them, and why.
UNSEEN = {"brotli": "fonttools writes WOFF2 with it"}


@pytest.mark.parametrize("file", LOCK_FILES)
def test_every_locked_requirement_is_one_version_with_hashes(file: str) -> None:
    entries = locked(file)
    assert len(entries) > 50
    for requirement, entry in entries:
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), f"{file}: {requirement} is no exact version"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), f"{file}: {requirement} has no hash; run `make lock`"


@pytest.mark.parametrize("file", LOCK_FILES)
def test_a_lock_file_names_no_index_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.findall(r"--(?:extra-)?index-url|--find-links|--trusted-host|\w+://\S*| @ ", text)
    assert not found, f"{file} names {found}: run `make lock`, which leaves addresses out"


@pytest.mark.parametrize("file", LOCK_FILES)
def test_every_dependency_is_locked_within_its_range(file: str) -> None:
    extras = [each for extra in LOCK_FILES[file] for each in dependencies_of(extra)]
    check_ranges([*project()["dependencies"], *extras], file)


def check_ranges(dependencies: list[str], file: str) -> None:
    versions = pins(file)
    for requirement in map(Requirement, dependencies):
        for pin in versions.get(canonicalize_name(requirement.name), {"== (missing)"}):
            version = pin.removeprefix("==")
            assert version.strip() != "(missing)", f"{requirement.name} is not in {file}: run `make lock`"
            assert Version(version) in requirement.specifier, (
                f"{file} has {requirement.name} {version}: run `make lock`"
            )


def names(dependencies: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in dependencies}


def imported_packages(*folders: str) -> dict[str, set[str]]:
    """Each foreign module that packages of ours or notebooks import, with the packages that provide it."""
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    imported = {name for path in files for name in top_level_imports(read(name_of(path)))}
    imported |= {name for path in NOTEBOOKS for cell in code_cells(path) for name in top_level_imports(cell)}
    foreign, providers = imported - {"stats", "stats_cluster"}, packages_distributions()
    return {name: set(map(canonicalize_name, providers[name])) for name in foreign if name in providers}


def code_cells(path: Path) -> Iterator[str]:
    for cell in json.loads(read(name_of(path)))["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(line for line in cell["source"] if not line.lstrip().startswith(("%", "!")))


@pytest.mark.parametrize(("folder", "extras"), [("src/stats", ()), ("src/stats_cluster", ("cluster",))])
def test_everything_imported_is_a_declared_dependency(folder: str, extras: tuple[str, ...]) -> None:
    declared = names([*project()["dependencies"], *(each for extra in extras for each in dependencies_of(extra))])
    undeclared = {module: found for module, found in imported_packages(folder).items() if not declared & found}
    assert not undeclared, f"add {undeclared} to the dependencies in pyproject.toml and run `make lock`"


def dependencies_of(extra: str) -> list[str]:
    return project()["optional-dependencies"][extra]  # type: ignore[no-any-return]


def test_every_declared_dependency_is_imported_or_has_a_reason() -> None:
    imported = {name for found in imported_packages("src").values() for name in found}
    idle = names(project()["dependencies"]) - imported - set(UNSEEN)
    assert not idle, f"nothing imports {sorted(idle)}: take them from the dependencies and run `make lock`"
    assert not imported & set(UNSEEN), "a file imports it now: take it from UNSEEN"


def test_a_run_installs_neither_a_cluster_nor_an_editor_nor_what_only_tests_use() -> None:
    others = names(each for extra in ("lab", "cluster", "dev") for each in dependencies_of(extra))
    assert not others & (set(pins("requirements.lock")) - {"packaging"}), "packaging is matplotlib's, too"


def top_level_imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("file", list(LOCK_FILES)[1:])
def test_every_lock_file_has_the_versions_of_reports(file: str) -> None:
    run, other = pins("requirements.lock"), pins(file)
    assert {name: other.get(name) for name in run} == run


def test_the_build_backend_is_locked_so_that_no_index_is_asked_for_it() -> None:
    build_system = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert build_system["requires"] == project()["optional-dependencies"]["build"]


def test_conda_gets_the_python_range_of_the_project() -> None:
    python = next(spec for spec in environment()["dependencies"] if isinstance(spec, str) and spec.startswith("python"))
    assert SpecifierSet(python.removeprefix("python")) == SpecifierSet(project()["requires-python"])


def test_conda_gets_every_dependency_from_the_lock_file() -> None:
    through_pip = next(spec["pip"] for spec in environment()["dependencies"] if isinstance(spec, dict))
    assert through_pip == ["-r requirements.lock"]
    by_conda = {spec.split()[0] for spec in environment()["dependencies"] if isinstance(spec, str)}
    assert by_conda == {"python", "pip"}, "leave packages to the lock file, so that conda users get the same versions"


def test_conda_accepts_every_match_specification() -> None:
    rattler = pytest.importorskip("rattler")
    for spec in environment()["dependencies"]:
        if isinstance(spec, str):
            match = rattler.MatchSpec(spec, strict=True)
            assert match.name.normalized == spec.split()[0]
            assert match.version is not None


def test_the_interpreters_make_accepts_are_those_of_the_project() -> None:
    low, high = re.search(r"\((3, \d+)\) <= sys.version_info\[:2\] < \((3, \d+)\)", read("Makefile")).groups()  # type: ignore[union-attr]
    spelled = f">={low.replace(', ', '.')},<{high.replace(', ', '.')}"
    assert SpecifierSet(spelled) == SpecifierSet(project()["requires-python"])


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def test_the_wheel_holds_every_file_of_the_library_and_the_notebooks(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    library = {path.relative_to(SOURCE.parent).as_posix() for path in files_of_the_project() if SOURCE in path.parents}
    notebooks = {f"stats/notebooks/{path.name}" for path in NOTEBOOKS}
    assert not (library | notebooks) - names


def files_of_the_project() -> list[Path]:
    """The files git tracks or would track; outside a checkout the rules about them cannot be looked at."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(listing, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    names = answer.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


ADDRESSES = {
    "a package registry": re.compile(
        r"pypi\.(?:org|python)|python" + r"hosted|npm" + r"js\.|deb\.debian\.|crates\.io/"
    ),
    "a machine's own folder": re.compile(
        r"(?<![\w.])/(?:root|home/(?!someone)\w+|Users/\w+|work|opt/\w+|tmp)/\w|[A-Z]:\\\\?Users"
    ),
}
TEXT_SUFFIXES = {"", ".cfg", ".csv", ".css", ".ini", ".ipynb", ".j2", ".json", ".lock", ".md", ".py", ".toml", ".txt"}
TEXT_SUFFIXES |= {".typ", ".yaml", ".yml", ".html", ".svg"}


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = []
    for path in files_of_the_project():
        if path.suffix in TEXT_SUFFIXES and "fonts" not in path.parts and path != Path(__file__).resolve():
            text = path.read_bytes().decode("utf-8", errors="replace")
            found += [
                f"{name_of(path)} names {what}: {hit}" for what, rule in ADDRESSES.items() for hit in rule.findall(text)
            ]
    assert not found, "\n".join(found)


def test_the_readme_begins_with_the_two_commands() -> None:
    text = read("README.md")
    assert text.index("make report") < text.index("make test") < text.index("\n## ")


def test_every_target_of_the_makefile_is_described_by_make_alone() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT)], capture_output=True, text=True, check=True
    )
    for target in ["report", "quick", "test", "check", "lint", "lab", "docs", "bench", "lock", "clean", "notebooks"]:
        assert re.search(rf"^  {target}\s+\S", shown.stdout, re.MULTILINE), f"`make` does not describe {target}"


def test_the_quick_tests_are_there() -> None:
    names = re.search(r"^QUICK := ((?:.*\\\n)*.*)$", read("Makefile"), re.MULTILINE)[1].replace("\\", " ").split()  # type: ignore[index]
    assert [name for name in names if not (ROOT / "tests" / f"test_{name}.py").exists()] == []


def test_the_changelog_tells_of_this_version_first() -> None:
    assert re.findall(r"^## (?!Unreleased)(\S+)", read("CHANGELOG.md"), re.MULTILINE)[0] == stats.__version__


def test_the_generated_pages_are_what_the_catalogue_says() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
    stale = [name for name, text in pages.items() if read(f"docs/generated/{name}") != text]
    assert not stale, f"docs/generated/ is out of date ({stale}): run `make docs`"


def test_what_else_is_generated_is_what_the_code_says() -> None:
    others = runpy.run_path(str(ROOT / "docs" / "generate.py"))["others"]()
    stale = [path.name for path, text in others.items() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"{stale} is out of date: run `make docs`"


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_a_page_names_only_tests_that_are_there(file: str) -> None:
    named = re.findall(r"\btest_\w+(?=\.py|\])", read(file))
    missing = sorted(name for name in set(named) if not (ROOT / "tests" / f"{name}.py").exists())
    assert named
    assert not missing, f"{file} names {missing}"
