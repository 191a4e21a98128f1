"""Warm processes: a server that forks, and IPython kernels forked from it. Knows nothing of statistics."""
