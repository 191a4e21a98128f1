"""Reproducible annual statistics reports of a county's 党管武装 work."""

__version__ = "0.3.0"
