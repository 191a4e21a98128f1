"""Exact arithmetic without names: vectors of integers and rationals in, vectors out. Knows no indicator."""

from stats.measures.exact import Exact, Flags, Integers, Rounding, decimal, product, rounded, total
from stats.measures.groups import Groups, competition_ranks, medians
from stats.measures.quantity import CODES, Codes, Quantity, code

__all__ = [
    "CODES",
    "Codes",
    "Exact",
    "Flags",
    "Groups",
    "Integers",
    "Quantity",
    "Rounding",
    "code",
    "competition_ranks",
    "decimal",
    "medians",
    "product",
    "rounded",
    "total",
]
