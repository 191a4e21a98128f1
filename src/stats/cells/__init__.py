"""Runs a notebook's cells with IPython's shell in a forked process, as papermill's engine. Knows no statistics."""
