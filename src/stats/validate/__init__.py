"""Cells to findings: what the answers of a unit say against each other. Repairs nothing and computes no figure."""

from stats.validate.checking import validate, without_values
from stats.validate.outliers import outliers
from stats.validate.refusal import refuse

__all__ = ["outliers", "refuse", "validate", "without_values"]
