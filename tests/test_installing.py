"""Both installers take what the lock files say and nothing else; where the first cannot, the second does."""

from __future__ import annotations

import doctest
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
Commands = list[list[str]]


@pytest.fixture(scope="module")
def installing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("installing", ROOT / "tools/install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(installing: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Commands]]:
    """Installs while the programs named in ``failing`` fail; gives the exit code and the commands."""

    def installed(*failing: str, has_uv: bool = True) -> tuple[int, Commands]:
        commands: Commands = []

        def answer(command: list[str], *, quietly: bool = False) -> int:
            commands.append(list(command))
            return int(command[2] in failing)

        monkeypatch.setattr(installing, "_run", answer)
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: has_uv or None)
        return installing.install(["requirements.lock"]), commands

    return installed


def test_the_examples_hold(installing: ModuleType) -> None:
    assert doctest.testmod(installing).failed == 0


def test_uv_installs_where_it_is_there(run: Callable[..., tuple[int, Commands]]) -> None:
    code, commands = run()
    assert (code, [command[2] for command in commands]) == (0, ["uv"])


def test_uv_is_fetched_by_its_hashes_where_it_is_not_there(run: Callable[..., tuple[int, Commands]]) -> None:
    code, commands = run(has_uv=False)
    assert (code, [command[2] for command in commands]) == (0, ["pip", "uv"])
    assert "--require-hashes" in commands[0]


@pytest.mark.parametrize("has_uv", [True, False])
def test_pip_installs_where_uv_cannot(run: Callable[..., tuple[int, Commands]], has_uv: bool) -> None:
    code, commands = run("uv", has_uv=has_uv)
    assert (code, commands[-1][2]) == (0, "pip")


def test_what_neither_can_install_is_a_failure(run: Callable[..., tuple[int, Commands]]) -> None:
    code, _ = run("uv", "pip")
    assert code != 0


def test_neither_takes_anything_without_a_hash(run: Callable[..., tuple[int, Commands]]) -> None:
    for command in run("uv", has_uv=False)[1]:
        assert "--require-hashes" in command
        assert "--only-binary" in command


def test_the_lock_file_pins_the_installer_itself(installing: ModuleType) -> None:
    pinned = installing.requirement((ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), "uv")
    assert pinned.startswith("uv==")
    assert "--hash=sha256:" in pinned
    assert "\nvirtualenv" not in pinned
