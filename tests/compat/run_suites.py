"""Runs papermill's own test suite on its own engine and on ours, and names the tests that differ.

``python tests/compat/run_suites.py [FOLDER]`` puts its reports into FOLDER (else a temporary one). Exit code 1 when a
test passes on papermill's engine and not on ours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
# Object stores and clouds, which have nothing to do with engines and need accounts or libraries of theirs.
LEFT_OUT = ["test_abs.py", "test_adl.py", "test_gcs.py", "test_hdfs.py", "test_s3.py"]


def results(suite: Path, folder: Path, *plugins: str) -> dict[str, str]:
    """How each test of a suite ended: ``passed``, ``failure``, ``error`` or ``skipped``."""
    name = "ours" if plugins else "papermill"
    report = folder / f"{name}.xml"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1] / "src")]),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }
    command = [sys.executable, "-m", "pytest", str(suite), f"--junit-xml={report}", "--quiet", "-p", "no:cacheprovider"]
    command += ["--rootdir", str(suite.parent), "-c", os.devnull, "--tb=short"]
    command += [part for plugin in plugins for part in ("-p", plugin)]
    command += [f"--ignore={suite / left_out}" for left_out in LEFT_OUT]
    with (folder / f"{name}.log").open("w", encoding="utf-8") as log:
        subprocess.run(command, cwd=suite.parent, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        ended = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found[f"{case.get('classname')}.{case.get('name')}"] = ended[0] if ended else "passed"
    return found


def compare(folder: Path) -> int:
    """How many tests pass on papermill's engine and not on ours."""
    spec = find_spec("papermill")
    if spec is None or spec.origin is None:
        raise RuntimeError("papermill is not installed")
    suite = Path(spec.origin).parent / "tests"
    stock, ours = results(suite, folder), results(suite, folder, "on_our_engine")
    lost = sorted(test for test, ended in stock.items() if ended == "passed" and ours.get(test) != "passed")
    counts = [sum(ended == "passed" for ended in found.values()) for found in (stock, ours)]
    print(f"papermill: {len(stock)} tests, {counts[0]} pass on its own engine, {counts[1]} on ours")
    for test in lost:
        print(f"  only on its own engine: {test}")
    return len(lost)


def main(arguments: list[str]) -> int:
    with ExitStack() as stack:
        place = arguments[0] if arguments else stack.enter_context(tempfile.TemporaryDirectory(prefix="stats-compat-"))
        Path(place).mkdir(exist_ok=True)
        return int(compare(Path(place).resolve()) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
