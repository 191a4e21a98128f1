"""The records of all that has gone out, in ``data/issued``. Says nothing of what follows from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from stats.disclosure.issued.record import Record, damaged
from stats.errors import ParamsError
from stats.inputs import blamed, content, names
from stats.inputs.doors import ISSUED
from stats.texts.privacy import shown

PLACE = "data/issued"
_NAME = re.compile(r"([0-9]{4}-[a-z]+-[0-9]{2,4})\.json", re.ASCII)


def read(workspace: Path, county: str, key: Callable[[], bytes]) -> tuple[tuple[Record, ...], dict[str, str]]:
    """The records of every year and edition in order, and the SHA-256 of every file read.

    ``key`` is asked for only where there is a record. ParamsError, naming the file, for one that is damaged, of another
    county or sealed with another key, and for whatever else lies there: what has gone out is never left out of account.
    """
    records: list[Record] = []
    inputs: dict[str, str] = {}
    for name in _listed(workspace):
        file = f"{PLACE}/{name}"
        with blamed(ParamsError, file):
            data = content(workspace / file, file, largest=ISSUED.largest)
        record = Record.from_bytes(data, file, key())
        if record.county != county or f"{record.name}.json" != name:
            raise damaged(file)
        records.append(record)
        inputs[file] = hashlib.sha256(data).hexdigest()
    return tuple(records), inputs


def _listed(workspace: Path) -> list[str]:
    with blamed(ParamsError, PLACE):
        listed = names(workspace / PLACE, PLACE)
    found = [name for name in listed if not name.startswith((".", "~$")) and not name.endswith(".md")]
    strange = next((name for name in found if not _NAME.fullmatch(name)), None)
    if strange is not None:
        raise ParamsError(
            f"{PLACE}/{shown(strange)} 的文件名不是 年度-版本-序号.json",
            "该文件夹只放 stats issue 写下的登记；是登记而改过名的，请改回原名，其他文件请移走",
        )
    return found


def next_record(records: Iterable[Record], year: int, edition: str) -> int:
    """The number the next issue of this year's set in this edition has.

    >>> next_record([Record("990118000000", 2021, "meeting", 1, 3)], 2021, "meeting"), next_record([], 2021, "public")
    (2, 1)
    """
    return 1 + max((each.number for each in records if (each.year, each.edition) == (year, edition)), default=0)
