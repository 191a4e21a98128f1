"""The one place that looks for the package which builds on a cluster; it is an extra, and brings dask. Runs nothing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from stats.errors import RunEnvironmentError


def part(name: str) -> ModuleType:
    """The module of this name of ``stats_cluster``. RunEnvironmentError if what it needs is not installed."""
    try:
        return import_module(f"stats_cluster.{name}")
    except ModuleNotFoundError as error:
        raise RunEnvironmentError(
            f"没有安装在集群上运行所需的软件包（{error.name}）",
            "请安装附加组件 cluster（见 docs/cluster.md）：.venv/bin/python tools/install.py requirements-cluster.lock",
        ) from error
