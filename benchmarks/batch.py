"""The batch against the commands people type, and against what the same work costs with nothing around it.

Run: ``python benchmarks/batch.py [ROUNDS]`` (default 3). Everything compared is measured in turn in the same
run; figures are medians over the rounds and ratios are taken within a round. Writes the table in
``docs/performance.md``. The PDF of the commands people type needs nbconvert's ``webpdf`` (playwright with a
browser); where that is not installed the comparison is with the first two commands only, as the table then
shows.
"""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from process_tree import Cost, cost
from region import county

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"
FEW, SOME, MANY = 20, 40, 52
"""Towns: as many as most counties have, twice as many, and as many as the largest county of the country has."""
STATS = [sys.executable, "-m", "stats"]
Measured = defaultdict[str, list[float]]


def build(workspace: Path, *options: str, memory: bool = False) -> Cost:
    """One run of the whole set, everything built anew, with two workers."""
    found = cost([*STATS, "build", "--jobs", "2", "--force", *options], folder=workspace, memory=memory)
    if found.code != 0:
        raise SystemExit(f"stats build ended with {found.code}")
    return found


def commands(workspace: Path, unit: str, folder: Path) -> dict[str, float]:
    """CPU seconds of the commands people type, for one town."""
    out = folder / "out.ipynb"
    notebook = ROOT / "notebooks" / "town.ipynb"
    convert = [sys.executable, "-m", "jupyter", "nbconvert", str(out), "--to"]
    typed = {
        "papermill": [sys.executable, "-m", "papermill", str(notebook), str(out), "-p", "unit", unit],
        "html": [*convert, "html"],
    }
    if importlib.util.find_spec("playwright"):
        typed["webpdf"] = [*convert, "webpdf", "--WebPDFExporter.disable_sandbox=True"]
    found = {
        name: cost(command, folder=workspace, surroundings={"JUPYTER_PREFER_ENV_PATH": "1"})
        for name, command in typed.items()
    }
    failed = [name for name, each in found.items() if each.code]
    if failed:
        raise SystemExit(f"{failed} failed")
    return {name: each.cpu for name, each in found.items()}


def marginal(workspace: Path, units: list[str]) -> float:
    """CPU seconds one more town costs: all of these towns less the first two, divided by the difference."""
    chosen = [option for unit in units for option in ("--unit", unit)]
    return (build(workspace, *chosen).cpu - build(workspace, *chosen[:4]).cpu) / (len(units) - 2)


def floor(workspace: Path, units: list[str]) -> float:
    """CPU seconds of one town in a warm process without kernels, as a median; two at a time, as the batch works."""
    command = [sys.executable, str(ROOT / "benchmarks" / "floor.py"), str(workspace)]
    halves = [[*command, *units[: len(units) // 2]], [*command, *units[len(units) // 2 :]]]
    running = [subprocess.Popen(half, stdout=subprocess.PIPE, text=True) for half in halves]
    printed = [process.communicate()[0] for process in running]
    return statistics.median(float(line) for lines in printed for line in lines.split())


def one_round(folder: Path, few: list[str], some: list[str], found: Measured) -> None:
    """Everything once, what is compared side by side."""
    typed = commands(folder / "few", few[0], folder)
    whole = build(folder / "few")
    for name, seconds in typed.items():
        found[name].append(seconds)
    found["typed"].append(sum(typed.values()))
    found["town in a run of 20"].append(whole.cpu / FEW)
    found["times less, whole run"].append(sum(typed.values()) / (whole.cpu / FEW))
    one = marginal(folder / "some", some)
    found["town"].append(one)
    found["times less"].append(sum(typed.values()) / one)
    found["floor"].append(floor(folder / "some", some))
    found["over the floor"].append(one / found["floor"][-1])
    found["towns a minute"].append(SOME / build(folder / "some").wall * 60)
    found["memory"].append(build(folder / "some", memory=True).memory)
    cold, again = demonstration(folder / "demonstration")
    found["demonstration, cold"].append(cold.wall)
    found["demonstration, unchanged"].append(again.wall)
    found["many against few"].append((build(folder / "many").cpu / MANY) / (whole.cpu / FEW))


def demonstration(folder: Path) -> tuple[Cost, Cost]:
    """The demonstration county from nothing, and once more."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([*STATS, "demo", str(folder)], check=True, capture_output=True)
    first, second = (cost([*STATS, "build"], folder=folder) for _ in range(2))
    if (first.code, second.code) != (2, 2):  # one of its returns is refused, on purpose
        raise SystemExit(f"stats build ended with {first.code} and {second.code}")
    return first, second


def rows(found: Measured) -> list[tuple[str, str, str]]:
    middle = {name: statistics.median(values) for name, values in found.items()}
    typed = " + ".join(f"{name} {middle[name]:.1f}" for name in ("papermill", "html", "webpdf") if name in middle)
    return [
        ("commands people type, CPU s per town", f"{middle['typed']:.1f} ({typed})", ""),
        (
            "batch, CPU s per town: one more town, 附件3 and 附件7 as html, pdf and docx",
            f"{middle['town']:.2f}",
            "0.55 or less",
        ),
        ("… times less than the commands", f"{middle['times less']:.0f}×", "at least 25×"),
        (
            f"batch, CPU s per town, whole run of {FEW} towns with start and county",
            f"{middle['town in a run of 20']:.2f}",
            "",
        ),
        ("… times less than the commands", f"{middle['times less, whole run']:.0f}×", ""),
        ("floor: same cells and exports without kernels, CPU s per town", f"{middle['floor']:.2f}", ""),
        ("batch over floor", f"{middle['over the floor']:.2f}×", "at most 1.25×"),
        (f"towns a minute, 2 workers, {SOME} towns, whole run", f"{middle['towns a minute']:.0f}", "180 or more"),
        ("demonstration county, cold start to finished set", f"{middle['demonstration, cold']:.1f} s", "under 20 s"),
        ("demonstration county, nothing changed", f"{middle['demonstration, unchanged']:.1f} s", "under 2 s"),
        ("memory, 2 workers, sum of PSS", f"{middle['memory']:.0f} MB", "under 800 MB"),
        (
            f"whole run per town, {MANY} against {FEW} towns",
            f"{middle['many against few']:.2f}×",
            "",
        ),
    ]


def write(found: Measured) -> None:
    lines = ["| | measured | aim |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows(found))]
    table = "\n".join(lines)
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    print(table)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    found: Measured = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        few, some, _ = (
            county(folder / kind, towns=towns) for kind, towns in (("few", FEW), ("some", SOME), ("many", MANY))
        )
        for _ in range(rounds):
            one_round(folder, few, some, found)
    write(found)


if __name__ == "__main__":
    main()
