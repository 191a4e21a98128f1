"""How long reading and checking filled forms takes, county by county, so that memory stays flat.

Run: ``python benchmarks/forms.py [FORMS]`` (default 600, the whole country is 41352). One form is written by the
project's form writer and filled in; every unit's is a copy with its own code and name, so that the generator costs
little. Prints CPU per form, the projection for 41,352 forms, and memory after the first and the last county.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))  # where the demonstration county is made

from openpyxl import load_workbook
from region import county_file, roster, sizes_of

from demo import CellKey, answers
from stats import forms, report
from stats.catalogue.seasons import periods_due
from stats.params import Params, Unit, load
from stats.returns import form_layout as layout

YEAR, ALL_FORMS, DEFAULT_FORMS = 2021, 41352, 600
TOWN, NAME = "990118100000", "澜溪镇"


def filled_form() -> bytes:
    """The form of one town of the demonstration county, filled in with its true answers."""
    here = load(Path(__file__).parents[1])
    book = load_workbook(io.BytesIO(forms.form(here, here.unit(TOWN), {})))
    true, columns = answers(), layout.columns(YEAR, county=False)
    for row in layout.form_rows(YEAR, county=False):
        for period in ("year", *periods_due(YEAR)) if row.question else ():
            text = true.get(CellKey(TOWN, YEAR, period, row.question.name)) if row.question else None
            if text:
                book[layout.DATA_SHEET].cell(row.row + 1, columns[layout.PERIODS[period]] + 1).value = text
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_identity(form: bytes, unit: Unit) -> bytes:
    """The same form under another unit's code and name."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, 1) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xml"):
                content = content.replace(TOWN.encode(), unit.code.encode()).replace(NAME.encode(), unit.name.encode())
            new.writestr(name, content)
    return data.getvalue()


def county(folder: Path, number: int, units: int, form: bytes) -> Params:
    """A workspace of one made-up county with all its forms delivered."""
    made_up = [Unit(code=code, name=name, type="镇") for code, name, _ in roster(number, units)]
    delivered = folder / "data" / "returns" / str(YEAR)
    delivered.mkdir(parents=True)
    for unit in made_up:
        (delivered / f"{unit.code}.xlsx").write_bytes(with_identity(form, unit))
    listed = "".join(f"\n  - {{code: {unit.code}, name: {unit.name}, type: 镇}}" for unit in made_up)
    (folder / "params").mkdir()
    (folder / "params" / "county.yaml").write_text(county_file(number, listed, YEAR), encoding="utf-8")
    return load(folder)


def used() -> float:
    """CPU seconds of this process and of its children that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FORMS
    form, read, seconds, peaks = filled_form(), 0, 0.0, []
    for number, units in enumerate(sizes_of(wanted)):
        with tempfile.TemporaryDirectory() as folder:
            params = county(Path(folder), number, units, form)
            started = used()
            examined = report.examine(params)
            seconds += used() - started
        received = len(examined.received[YEAR])
        if received != len(params.units):
            raise SystemExit(f"only {received} of {len(params.units)} forms were read")
        read += received
        peaks.append(memory())
    print(f"{read} forms of {len(peaks)} counties: {1000 * seconds / read:.1f} ms of CPU per form")
    print(f"41,352 forms: {seconds / read * ALL_FORMS / 60:.1f} minutes of CPU (projected)")
    print(f"peak memory after the first county {peaks[0]:.0f} MiB, after the last {peaks[-1]:.0f} MiB")


if __name__ == "__main__":
    main()
