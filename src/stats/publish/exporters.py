"""nbconvert exporters: `jupyter nbconvert --to appendix_html`, one for each format. Add nothing to `publish`.

nbconvert puts the current folder first among the places of modules, so that one lying beside a notebook would be run
in the place of a library; here it is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.writers.stdout import StdoutWriter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Application

from stats.errors import StatsError
from stats.formats import FORMATS, WORKBOOK, Format
from stats.import_path import current_folder_left_out
from stats.publish.document import Document, document, left_out
from stats.publish.executing import preprocessed

# Options of nbconvert's templates that a document keeps by itself: it shows no code and no prompts.
_KEPT_ANYWAY = frozenset({"exclude_input", "exclude_input_prompt", "exclude_output_prompt"})


class _AppendixExporter(Exporter):
    """What all formats share: of nbconvert's preprocessors the one that runs the notebook, and no other."""

    form: Format

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The notebook in this format. Raises PublishError as ``stats.publish.document`` does."""
        with current_folder_left_out(), _told_in_one_line():
            node, resources = super().from_notebook_node(nb, resources, **kw)
            found = document(node)
            self._warn(found)
            return self._content(found), resources

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return preprocessed(nb, resources, self._preprocessors, self.config), resources

    def _warn(self, found: Document) -> None:
        if found.left_out:
            self.log.warning(left_out(found.left_out))
        given = {name for part in ("TemplateExporter", "HTMLExporter") for name in self.config.get(part, {})}
        ignored = sorted(given - _KEPT_ANYWAY)
        if ignored:
            self.log.warning("模板的选项对统计附件不起作用：%s", "、".join(ignored))

    def _content(self, found: Document) -> str | bytes:
        content = self.form.writer().make(found)
        if self.form.media_type.startswith("text/"):
            return content.decode("utf-8")
        command = _command()
        if command is not None and isinstance(command.writer, StdoutWriter):
            command.writer = _BytesToStdout(parent=command)  # type: ignore[no-untyped-call]
        return content

    @default("file_extension")
    def _file_extension(self) -> str:
        return f".{self.form.suffix}"


def _exporter(form: Format) -> type[_AppendixExporter]:
    """The exporter of one format, by whose name nbconvert and its configuration know it."""
    own = {"__module__": __name__, "__doc__": f"Appendix as {form.suffix.upper()}.", "form": form}
    shown = {"output_mimetype": form.media_type, "export_from_notebook": f"统计附件（{form.suffix.upper()}）"}
    return type(f"Appendix{form.suffix.upper()}Exporter", (_AppendixExporter,), {**own, **shown})


EXPORTERS = {each.suffix: _exporter(each) for each in (*FORMATS, WORKBOOK)}
globals().update({each.__name__: each for each in EXPORTERS.values()})


class _BytesToStdout(StdoutWriter):
    """nbconvert's own writer for ``--stdout`` takes text only."""

    def write(self, output: bytes, resources: Any, **kw: Any) -> None:
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()


def _command() -> Any:
    """The command ``jupyter nbconvert`` where this process is one, not a server that exports; else None."""
    module = sys.modules.get("nbconvert.nbconvertapp")  # which imports this one
    running = Application.instance() if Application.initialized() else None
    return running if module is not None and isinstance(running, module.NbConvertApp) else None


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """What is refused ends the command as one line, without the traceback of nbconvert."""
    try:
        yield
    except StatsError as error:
        command = _command()
        if command is None:
            raise
        command.log.error("%s；%s", error.problem, error.remedy)
        raise SystemExit(1) from error
