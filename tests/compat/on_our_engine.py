"""A pytest plugin that puts our engine in the place of papermill's own before papermill's tests are imported."""

from __future__ import annotations

from papermill.engines import papermill_engines

from stats.cells.engine import WarmEngine

papermill_engines.register(None, WarmEngine)
papermill_engines.register("nbclient", WarmEngine)
