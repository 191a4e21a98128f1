"""Figures to comparisons: last year, county, city and peers, target, rank. Computes no figure anew, hides nothing."""

from stats.compare.all_comparisons import Compared, Setting, compare_one
from stats.compare.ranking import FEWEST_RANKED, is_leading, is_telling, is_trailing, ranked_among
from stats.compare.results import Results, compute

__all__ = [
    "FEWEST_RANKED",
    "Compared",
    "Results",
    "Setting",
    "compare_one",
    "compute",
    "is_leading",
    "is_telling",
    "is_trailing",
    "ranked_among",
]
