"""A complete workspace of the fictional county, written to a folder. Invents nothing itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib.resources import files
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from demo.containers import csv_bytes, xlsx_bytes
from demo.county import MARK, parameters, table
from demo.declared_corrections import files as settled
from demo.deliveries import DELIVERIES, IDENTITY, Delivery, columns, identities, rows
from demo.true_answers import CellKey, answers
from demo.untidiness import untidied
from stats.forms.archive import packed_anew

CITY = "岚江市"
KEY = b"demonstration-county-fixed-key\n"
"""A county's own key is random and stays with it; the demonstration county's is fixed, so that its documents are."""
TEXT_COLUMNS = frozenset(range(len(IDENTITY)))


def write(folder: Path, *, seed: int = 2021) -> None:
    """Writes the fictional county into a folder: parameters, targets, returns, what was settled on them, benchmarks.

    The same seed gives the same bytes on any machine. Files of the same names are replaced, others are left
    alone; OSError where the folder cannot be written to.
    """
    for path, content in contents(seed).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def contents(seed: int = 2021) -> dict[str, bytes]:
    """Every file of the workspace: its path, with ``/``, and its bytes."""
    return dict(_contents(seed))


def archive() -> bytes:
    """The workspace as one file, the same bytes on every machine: what ``stats demo`` unpacks."""
    memory = BytesIO()
    with ZipFile(memory, "w", ZIP_STORED) as packed:
        for path, content in contents().items():
            packed.writestr(path, content)
    return packed_anew(memory.getvalue())


def _contents(seed: int) -> Iterator[tuple[str, bytes]]:
    package = files(__package__)
    yield "params/county.yaml", parameters().encode()
    yield "params/disclosure.key", KEY
    yield "data/README.md", package.joinpath("README.md").read_bytes()
    for target in sorted(package.joinpath("targets").iterdir(), key=lambda file: file.name):
        yield f"params/targets/{target.name}", target.read_bytes()
    clean = answers(seed)
    written = untidied({**identities(), **clean})
    for delivery in DELIVERIES:
        yield delivery.path, _returns(delivery, written)
    yield from settled(clean, written)
    yield from _benchmarks()


def _returns(delivery: Delivery, written: Mapping[CellKey, str]) -> bytes:
    lines = list(_lines(delivery, written))
    if delivery.container == "csv":
        return csv_bytes(lines, encoding=delivery.encoding)
    return xlsx_bytes(lines, text_columns=TEXT_COLUMNS)


def _lines(delivery: Delivery, written: Mapping[CellKey, str]) -> Iterator[list[str]]:
    asked = columns(delivery)
    rest = [""] * (len(asked) - 1)
    yield [delivery.title, *rest]
    yield [variable.name if delivery.headed_by == "name" else variable.label for variable in asked]
    for row in rows(delivery, written):
        yield [row[variable.name] for variable in asked]
    if delivery.note:
        yield [delivery.note, *rest]


def _benchmarks() -> Iterator[tuple[str, bytes]]:
    """One file of outside figures per year, the city's first."""
    wide = table("benchmarks.csv")
    for year in sorted({row["year"] for row in wide}):
        text = StringIO(newline="")
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(("indicator", "level", "name", "value", "source"))
        for row in wide:
            if row["year"] == year:
                names = [name for name in row if name not in ("year", "indicator")]
                lines.writerows(
                    (row["indicator"], "city" if name == CITY else "peer", name, row[name], MARK) for name in names
                )
        yield f"data/benchmarks/{year}.csv", text.getvalue().encode()
