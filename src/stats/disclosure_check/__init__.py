"""Proves the protection of a published set again, from its files alone; imports nothing of the rule that hides."""

from stats.disclosure_check.check import Checked, check
from stats.disclosure_check.findings import KIND_LABELS, Leak

__all__ = ["KIND_LABELS", "Checked", "Leak", "check"]
