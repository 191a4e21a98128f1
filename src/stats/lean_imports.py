"""Imports libraries without those of their dependencies that cost most and serve nothing here. Reads no notebook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import cast


@contextmanager
def without(name: str) -> Iterator[None]:
    """Within the block an import of the module ``name`` fails as if it were not installed, unless it is there already.

    >>> with without("antigravity"):
    ...     import antigravity
    Traceback (most recent call last):
    ModuleNotFoundError: import of antigravity halted; None in sys.modules
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = cast(ModuleType, None)
    try:
        yield
    finally:
        del sys.modules[name]


@cache
def nbformat() -> ModuleType:
    """The module nbformat, where possible without jsonschema's check of international web addresses.

    Its grammar is built at import, which takes as long as everything else together; the schema of notebooks has no
    such address in it.
    """
    with without("rfc3987_syntax"):
        return import_module("nbformat")


@cache
def papermill() -> ModuleType:
    """The module papermill, with nbformat as :func:`nbformat` gives it."""
    nbformat()
    return import_module("papermill")
