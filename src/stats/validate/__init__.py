"""Cells to findings: what the answers of a unit say against each other. Repairs nothing and computes no figure."""

from stats.validate.checking import validate, without_values
from stats.validate.exclusion import refuse
from stats.validate.explanations import explain
from stats.validate.outliers import outliers

__all__ = ["explain", "outliers", "refuse", "validate", "without_values"]
