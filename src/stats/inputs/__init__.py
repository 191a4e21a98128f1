"""The doors through which every file from outside comes in: its bytes, its text, its numbers; knows no statistics."""

from __future__ import annotations

from stats.inputs.opening import UnfitError, blamed, content, digest, names

__all__ = ["UnfitError", "blamed", "content", "digest", "names"]
