"""What nbconvert loads by name: the exporters of ``publish``, which import nothing from the folder it runs in.

nbconvert puts the current folder first among the places of modules before it loads any exporter, so that a module
lying beside a notebook would be run in the place of a library.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from stats.warm.import_path import current_folder_left_out

with current_folder_left_out():
    from stats.publish import exporters


class AppendixHTMLExporter(exporters.AppendixHTMLExporter):
    """One self-contained HTML file."""

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:  # type: ignore[override]
        """The notebook as an HTML page. Raises PublishError as ``stats.publish.document`` does."""
        with current_folder_left_out():
            return super().from_notebook_node(nb, resources, **kw)


class AppendixPDFExporter(exporters.AppendixPDFExporter):
    """A PDF file after GB/T 9704—2012, PDF/A-2b and PDF/UA-1."""

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:  # type: ignore[override]
        """The notebook as the bytes of a PDF. Raises PublishError as ``stats.publish.document`` does."""
        with current_folder_left_out():
            return super().from_notebook_node(nb, resources, **kw)
