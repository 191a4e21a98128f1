"""合订本: the set as one PDF to print, when every document is there. Sets no type and knows no document's content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from stats.build.documents.failure import Failure
from stats.build.state.build_state import BuildState
from stats.build.state.folder import is_regular
from stats.build.state.ledger import Ledger
from stats.build.state.sources import sha256
from stats.documents import EDITION_NAMES
from stats.errors import PublishError
from stats.files import write_atomically
from stats.formats import NOTEBOOK
from stats.publish.binding import bind

PDF = "pdf"
RECORD = "volume.json"


def add_volume(run: BuildState, ledger: Ledger) -> None:
    """Put the volume among what goes out beside the documents, where every document is there as PDF.

    One that lies there and was made of the same notebooks stays; any other goes with the manifest that no longer names
    it. None is made where only some units were asked for, or no PDF.
    """
    notebooks = _notebooks(run)
    if not notebooks:
        return
    name = f"合订本-{EDITION_NAMES[run.params.edition]}.{PDF}"
    made_from = _made_from(run, notebooks)
    content = _known(run, name, made_from)
    if content is None and PDF in run.options.formats and not run.options.units:
        try:
            paths = [run.paths.folder / notebook for notebook in notebooks]
            content = bind(paths, _title(run), run.options.seconds)
        except PublishError as error:
            failure = Failure(name, run.params.county.code, PDF, "P-BOUND", error.problem, error.remedy)
            run.failures.append(failure)
            ledger.failed(**asdict(failure))
            return
    if content is not None:
        record = {"made_from": made_from, "sha256": hashlib.sha256(content).hexdigest()}
        write_atomically(run.paths.internal / RECORD, json.dumps(record).encode())
        run.volume[name] = content


def _notebooks(run: BuildState) -> dict[str, str]:
    """The executed notebooks of all documents that have a PDF, with their SHA-256; none where a document is lacking."""
    found: dict[str, str] = {}
    for document in run.documents.values():
        suffixes = document.suffixes((PDF,))
        if PDF not in suffixes or NOTEBOOK.suffix not in suffixes:
            continue
        files, notebook = run.entries[document.name].files, f"{document.name}.{NOTEBOOK.suffix}"
        if notebook not in files or f"{document.name}.{PDF}" not in files:
            return {}
        found[notebook] = files[notebook]
    return found


def _made_from(run: BuildState, notebooks: Mapping[str, str]) -> str:
    sources = run.sources
    parts = [list(notebooks.items()), sources.code, sources.lock, sorted(sources.fonts.items()), _title(run)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _title(run: BuildState) -> str:
    params = run.params
    return f"{params.county.name}{params.year}年度党管武装工作统计附件合订本（{EDITION_NAMES[params.edition]}）"


def _known(run: BuildState, name: str, made_from: str) -> bytes | None:
    """The volume that lies there, if it is the one that would be made."""
    path, record = run.paths.folder / name, run.paths.internal / RECORD
    if run.options.force or not (is_regular(path) and is_regular(record)):
        return None
    try:
        known = json.loads(record.read_bytes())
    except ValueError:
        return None
    return path.read_bytes() if known == {"made_from": made_from, "sha256": sha256(path)} else None
