"""Imports nbformat without what costs most and serves nothing here. Reads no notebook."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import cast

# jsonschema builds the grammar of international web addresses at import, which takes as long as everything else
# together; the schema of notebooks has no such address in it.
_GRAMMAR = "rfc3987_syntax"


@cache
def nbformat() -> ModuleType:
    """The module nbformat. Where jsonschema was not imported before, its check of web addresses is left out."""
    if _GRAMMAR in sys.modules:
        return import_module("nbformat")
    sys.modules[_GRAMMAR] = cast(ModuleType, None)  # an import of it now fails as if it were not installed
    try:
        return import_module("nbformat")
    finally:
        del sys.modules[_GRAMMAR]
