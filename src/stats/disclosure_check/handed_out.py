"""The folder that is handed out: whose it is, its units and documents, the text of its files. Understands none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stats.disclosure.editions import EDITIONS
from stats.disclosure_check import pages
from stats.errors import ParamsError
from stats.inputs import blamed, content, names

LARGEST = 256 * 2**20
TEXT_SUFFIXES = (".html", ".csv", ".json", ".ipynb", ".md", ".txt", ".svg", ".xml")


@dataclass(frozen=True)
class Page:
    """One document of the set: its file, the unit it is about, its tables and texts."""

    file: str
    unit: str
    tables: tuple[pages.Table, ...]
    texts: tuple[pages.Text, ...]


@dataclass(frozen=True)
class HandedOut:
    """A published set as whoever receives it has it: nothing else is known of it.

    ``units`` are names by code, ``former`` the codes of those that reported the year before and are no more.
    ``documents`` gives the unit of each page, ``listed`` the SHA-256 that the manifest has of files that lie there.
    """

    folder: Path
    county: str
    year: int
    edition: str
    units: Mapping[str, str]
    documents: Mapping[str, str]
    listed: frozenset[str] = frozenset()
    former: frozenset[str] = frozenset()

    @property
    def threshold(self) -> int:
        """Counts from 1 to below this are protected in the edition."""
        return EDITIONS[self.edition].threshold

    @property
    def name(self) -> str:
        """The set as messages name it."""
        return f"{self.year}/{self.edition}"

    @cached_property
    def code_of(self) -> Mapping[str, str]:
        """The codes of the units by name."""
        return {name: code for code, name in self.units.items()}

    def pages(self) -> Iterator[Page]:
        """The documents, and whatever other page lies there."""
        for path in sorted(self.folder.glob("*.html")):
            tables, texts = pages.read(self.text(path.name))
            yield Page(path.name, self.documents.get(path.name, self.county), tables, texts)

    def content(self, name: str) -> bytes:
        """The bytes of a file of the set."""
        return _bytes(self.folder / name, name)

    def text(self, name: str) -> str:
        """The text of a file of the set."""
        return self.content(name).decode("utf-8-sig", "replace")

    def files(self) -> Iterator[str]:
        """Every file of the folder, by its path in it."""
        yield from sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())


def read(folder: Path) -> HandedOut:
    """The set in a folder, by its manifest; ParamsError where that cannot be read."""
    try:
        told: dict[str, Any] = json.loads(_bytes(folder / "manifest.json", "manifest.json"))
        entries = told["documents"]
        county = str(told["county"]["code"])
        units = {str(each["unit_code"]): str(each["unit_name"]) for each in entries}
        documents = {f"{each['name']}.html": str(each["unit_code"]) for each in entries}
        year, edition = int(told["year"]), str(told["edition"])
        listed = frozenset(_listed(folder, told))
        former = frozenset(str(each["code"]) for each in told.get("former_units", ()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ParamsError) as error:
        raise ParamsError(
            f"{folder / 'manifest.json'} 不存在或读不懂，不知道文件夹里是哪一套", "请先运行 stats build 生成整套附件"
        ) from error
    if edition not in EDITIONS:
        raise ParamsError(f"{folder / 'manifest.json'} 中的版本“{edition[:20]}”不认识", "请重新生成整套附件")
    return HandedOut(folder, county, year, edition, units, documents, listed, former)


def _listed(folder: Path, told: Mapping[str, Any]) -> Iterator[str]:
    """What the manifest has of files that lie in the folder; whether they are still those is another question."""
    named = dict(told.get("files", {}))
    for entry in told["documents"]:
        named |= {**entry.get("files", {}), **entry.get("stale", {})}
    yield from (str(digest) for name, digest in named.items() if (folder / str(name)).is_file())


def others(reports: Path, but: Path) -> Iterator[HandedOut]:
    """The sets of other editions and years that lie beside this one; the full edition is handed out to nobody."""
    for year in names(reports, "reports"):
        for edition in EDITIONS:
            folder = reports / year / edition
            if edition != "full" and folder != but and (folder / "manifest.json").is_file():
                yield read(folder)


def _bytes(path: Path, file: str) -> bytes:
    with blamed(ParamsError, str(path)):
        return content(path, file, largest=LARGEST, links=False)
