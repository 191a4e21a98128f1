"""The demonstration county: a fictional county's parameters and untidy returns, from a seed. Reads no real data."""

from __future__ import annotations

from stats.demo.county import MARK
from stats.demo.true_answers import CellKey, answers
from stats.demo.untidiness import UNTIDINESS, Untidiness
from stats.demo.workspace import contents, write

__all__ = ["MARK", "UNTIDINESS", "CellKey", "Untidiness", "answers", "contents", "write"]
