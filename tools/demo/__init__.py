"""The demonstration county: a fictional county's parameters and untidy returns, from a seed. Reads no real data."""

from __future__ import annotations

from demo.county import MARK
from demo.true_answers import CellKey, answers
from demo.untidiness import UNTIDINESS, Untidiness
from demo.workspace import archive, contents, write

__all__ = ["MARK", "UNTIDINESS", "CellKey", "Untidiness", "answers", "archive", "contents", "write"]
