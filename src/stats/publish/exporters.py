"""nbconvert exporters: `jupyter nbconvert --to appendix_html` and `--to appendix_pdf`. Add nothing to `publish`.

nbconvert puts the current folder first among the places of modules, so that one lying beside a notebook would be run
in the place of a library; here it is left out.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Any as Any_
from traitlets import List, default

from stats.import_path import current_folder_left_out
from stats.publish.document import document
from stats.publish.html import to_html
from stats.publish.pdf import to_pdf


class _AppendixExporter(Exporter):
    """What both formats share. No preprocessor runs: the executed notebook is taken as it is."""

    default_preprocessors = List(Any_(), [])


def _resources(exporter: Exporter, resources: Any) -> Any:
    return exporter._init_resources(resources)  # type: ignore[no-untyped-call]


class AppendixHTMLExporter(_AppendixExporter):
    """One self-contained HTML file."""

    output_mimetype = "text/html"
    export_from_notebook = "统计附件（HTML）"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, Any]:  # type: ignore[override]
        """The notebook as an HTML page. Raises PublishError as ``stats.publish.document`` does."""
        with current_folder_left_out():
            return to_html(document(nb)), _resources(self, resources)


class AppendixPDFExporter(_AppendixExporter):
    """A PDF file after GB/T 9704—2012, PDF/A-2b and PDF/UA-1."""

    output_mimetype = "application/pdf"
    export_from_notebook = "统计附件（PDF）"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[bytes, Any]:  # type: ignore[override]
        """The notebook as the bytes of a PDF. Raises PublishError as ``stats.publish.document`` does."""
        with current_folder_left_out():
            return to_pdf(document(nb)), _resources(self, resources)
