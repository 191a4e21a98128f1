"""What papermill loads by name; hands everything on to the engine and imports nothing before it is used.

papermill loads the engines of all packages while it is being imported itself. Were the engine's own module named there,
it could not be imported before papermill.
"""

from __future__ import annotations

from typing import Any


class Engine:
    """The warm engine to papermill."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the notebook."""
        return _engine().execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """The kernel that the notebook asks for."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """The language that the notebook is written in."""
        return _engine().nb_language(nb, language)


def _engine() -> Any:
    from stats.cells.engine import WarmEngine

    return WarmEngine
