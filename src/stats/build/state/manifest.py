"""The record of a published set, as handed out and as kept inside. No clock, path, host or user in either.

Handed out: what the set consists of. Kept inside: also what it was made of, by hashes, which tell whoever holds a
return that it is the one, and could be tried out for what is hidden; and which check refused a document.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from stats.build.state.folder import is_regular
from stats.build.state.output_paths import is_path_inside, is_plain_name
from stats.build.state.plan import Document
from stats.build.state.sources import Sources, sha256
from stats.findings import Finding, Severity
from stats.formats import SUFFIXES
from stats.params import Params
from stats.receipt import Receipt

FORMAT = 3
# What is handed out of an entry.
OUTWARD = ("name", "number", "unit_code", "unit_name", "state", "receipt", "files", "stale")
State = Literal["complete", "not_reported", "refused", "failed", "not_built"]

STATE_LABELS: dict[State, str] = {
    "complete": "已发布",
    "not_reported": "未上报",
    "refused": "待核对",
    "failed": "运行失败，未发布",
    "not_built": "本次未生成",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the set as it lies in the folder.

    ``files`` (name to SHA-256) are those that belong to this state of the sources; ``stale`` are files of an
    earlier set, left untouched because the document could not or was not to be built. ``made_from`` gives, part by
    part, the SHA-256 of what it follows from. ``rules`` names the checks that refused it, ``code`` the kind of failure,
    ``receipt`` what became of the unit's return, empty for a document about none.
    """

    name: str
    number: str
    unit_code: str
    unit_name: str
    state: State
    files: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, str] = field(default_factory=dict)
    made_from: Mapping[str, str] = field(default_factory=dict)
    images: int = 0
    tables: int = 0
    rules: tuple[str, ...] = ()
    code: str = ""
    receipt: str = ""

    @property
    def label(self) -> str:
        """How it stands in words; where a page says 待核对 in its place, what became of the unit's return."""
        is_withheld = bool(self.receipt) and Receipt(self.receipt).is_withheld and self.state != "failed"
        return Receipt(self.receipt).label if is_withheld else STATE_LABELS[self.state]


def counted(entries: Iterable[Entry]) -> dict[str, int]:
    """How many documents stand how, by the words for it."""
    order = list(STATE_LABELS)
    return dict(Counter(each.label for each in sorted(entries, key=lambda entry: order.index(entry.state))))


def manifest(
    params: Params, *, entries: Iterable[Entry], findings: Iterable[Finding], others: Mapping[str, str]
) -> dict[str, Any]:
    """The content of the manifest that is handed out; ``others`` are the set's remaining files by their path."""
    severities = Counter(finding.severity for finding in findings)
    gone = [unit for unit in params.due(params.year - 1) if not unit.is_due(params.year)]
    former = {"former_units": [{"code": unit.code, "name": unit.name} for unit in gone]} if gone else {}
    return {
        "format": FORMAT,
        "county": {"code": params.county.code, "name": params.county.name},
        "year": params.year,
        "edition": params.edition,
        "marking": params.marking,
        "demonstration": params.demonstration,
        "documents": [{name: value for name, value in asdict(entry).items() if name in OUTWARD} for entry in entries],
        **former,
        "files": dict(sorted(others.items())),
        "findings": {severity.value: severities[severity] for severity in Severity},
    }


def whole_manifest(handed_out: Mapping[str, Any], *, sources: Sources, entries: Iterable[Entry]) -> dict[str, Any]:
    """The content of the one that is kept inside: the same, with what everything was made of."""
    entries = tuple(entries)
    return {
        **handed_out,
        "sources": asdict(sources),
        "documents": [asdict(entry) for entry in entries],
        "images": sum(entry.images for entry in entries),
        "tables": sum(entry.tables for entry in entries),
    }


def to_bytes(content: Mapping[str, Any]) -> bytes:
    """The manifest as the bytes of its file."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def published_entries(path: Path) -> dict[str, Entry]:
    """The documents as last published, by name, as the manifest kept inside has them; none where that is unreadable."""
    try:
        content = json.loads(path.read_bytes()) if is_regular(path) else {}
        if content["format"] != FORMAT:
            return {}
        return {entry["name"]: _entry(entry) for entry in content["documents"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # a damaged record is no record: everything is built anew


def _entry(content: Mapping[str, Any]) -> Entry:
    """An entry as it was kept; ValueError or TypeError for anything that is none."""
    entry = Entry(**{**content, "rules": tuple(content["rules"])})
    texts = (entry.name, entry.number, entry.unit_code, entry.unit_name, entry.code, entry.receipt, *entry.rules)
    known = entry.state in STATE_LABELS and entry.receipt in ("", *Receipt)
    if not all(isinstance(text, str) for text in texts) or not known:
        raise ValueError("no entry")
    if not all(map(is_plain_name, (entry.name, *entry.files, *entry.stale))):
        raise ValueError("a file elsewhere")
    return entry


def handed_out(path: Path) -> dict[str, str]:
    """The SHA-256 of every file that a manifest handed out names, by its path in the folder.

    ValueError where there is no manifest that can be read; one of an earlier format can be.
    """
    beside, documents = _read(path)
    return {**beside, **documents}


def beside_documents(path: Path) -> tuple[str, ...]:
    """The paths in the folder of the files that belong to no document; ValueError as above."""
    return tuple(_read(path)[0])


def _read(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    try:
        content = json.loads(path.read_bytes()) if is_regular(path) else {}
        if content["format"] not in (2, FORMAT):
            raise ValueError("another format")
        beside: dict[str, str] = dict(content["files"])
        documents: dict[str, str] = {}
        for entry in content["documents"]:
            documents |= entry["files"] | entry["stale"]
    except (OSError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    for name, digest in (*beside.items(), *documents.items()):
        if not is_path_inside(name) or not isinstance(digest, str):
            raise ValueError("a file elsewhere")
    return beside, documents


def present_files(folder: Path, name: str) -> dict[str, str]:
    """The files of a document that lie in the folder now, with their SHA-256."""
    paths = (folder / f"{name}.{suffix}" for suffix in SUFFIXES)
    return {path.name: sha256(path) for path in paths if is_regular(path)}


def entry_of(document: Document, state: State, **more: Any) -> Entry:
    """An entry with the names, and what became of the return and why, filled in from the document."""
    more = {"rules": document.rules, "receipt": document.receipt.value if document.receipt else "", **more}
    return Entry(document.name, document.number, document.unit.code, document.unit.name, state, **more)


def failed_checks(rules: Iterable[str]) -> str:
    """Which checks a return did not pass, for whoever looks into it."""
    return f"未通过 {'、'.join(rules)}"


def explanation(entry: Entry, *, outward: bool = False) -> str:
    """Why a document is not there, or what to know about it; empty for an ordinary one.

    ``outward`` is for whoever the set is handed to: it names no check, which may rest on a protected count.
    """
    reasons = {
        "complete": "",
        "not_reported": "未收到报表，附一页说明",
        "refused": "附一页待核对说明" if outward else f"{failed_checks(entry.rules)}，附待核对页",
        "failed": "生成时出错，未印发" if outward else f"生成时出错（{entry.code}）",
        "not_built": "本次没有要求生成",
    }
    old = "文件夹中留有此前的旧文件，未更新" if entry.stale else ""
    return "；".join(part for part in (reasons[entry.state], old) if part)
