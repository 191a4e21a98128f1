"""Runs the test suites of nbclient and papermill, on stock and on warm kernels, and names the tests that differ.

``python tests/compat/run_suites.py [FOLDER]``: what the suites need is put into FOLDER (else a temporary one) by pip,
which asks the package index it is configured for. Exit code 1 when a test passes on stock kernels and not on warm ones.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import ExitStack
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from fork_driver import driver  # noqa: E402
from stats.warm.fork_server import SERVER  # noqa: E402

NEEDED = [
    "flaky",
    "testpath",
    "xmltodict",
    "pytest-asyncio",
    "ipywidgets",
    "widgetsnbextension",
    "jupyterlab_widgets",
]
# Object stores and clouds, which have nothing to do with kernels and need accounts or libraries of theirs.
LEFT_OUT = ["test_abs.py", "test_adl.py", "test_gcs.py", "test_hdfs.py", "test_s3.py"]


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"], check=True)


def suites(folder: Path) -> dict[str, Path]:
    """The tests of both projects in the versions installed here."""
    name = f"nbclient-{version('nbclient')}"
    if not (folder / name).is_dir():
        pip("download", "--no-deps", "--no-binary", "nbclient", name.replace("-", "==", 1), "--dest", str(folder))
        with tarfile.open(folder / f"{name}.tar.gz") as archive:
            archive.extractall(folder, filter="data")
    shutil.rmtree(folder / name / "nbclient", ignore_errors=True)  # the installed one is under test
    spec = find_spec("papermill")
    if spec is None or spec.origin is None:
        raise RuntimeError("papermill is not installed")
    return {"nbclient": folder / name / "tests", "papermill": Path(spec.origin).parent / "tests"}


def results(suite: Path, folder: Path, *, libraries: Path, address: str, kind: str) -> dict[str, str]:
    """How each test of a suite ended: ``passed``, ``failure``, ``error`` or ``skipped``."""
    report = folder / f"{suite.parent.name}-{kind}.xml"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(libraries), str(HERE), str(HERE.parents[1] / "src")]),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        SERVER: address,
    }
    command = [sys.executable, "-m", "pytest", str(suite), f"--junit-xml={report}", "--quiet", "-p", "no:cacheprovider"]
    command += ["--rootdir", str(suite.parent), "-c", os.devnull, "-o", "asyncio_mode=auto", "--tb=short"]
    command += ["-p", "on_warm_kernels"] if kind == "warm" else []
    command += [f"--ignore={suite / name}" for name in LEFT_OUT]
    with (folder / f"{suite.parent.name}-{kind}.log").open("w", encoding="utf-8") as log:
        subprocess.run(command, cwd=suite.parent, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        ended = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found[f"{case.get('classname')}.{case.get('name')}"] = ended[0] if ended else "passed"
    return found


def compare(folder: Path) -> int:
    """How many tests pass on stock kernels and not on warm ones."""
    libraries = folder / "libraries"
    if not libraries.is_dir():
        pip("install", "--no-deps", "--target", str(libraries), *NEEDED)
    worse = 0
    with ExitStack() as stack:
        private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="c-")))
        address = stack.enter_context(driver(private, "kernel")).address
        for name, suite in suites(folder).items():
            stock, warm = (
                results(suite, folder, libraries=libraries, address=address, kind=kind) for kind in ("stock", "warm")
            )
            lost = sorted(test for test, ended in stock.items() if ended == "passed" and warm.get(test) != "passed")
            counts = [sum(ended == "passed" for ended in found.values()) for found in (stock, warm)]
            print(f"{name}: {len(stock)} tests, {counts[0]} pass on stock kernels, {counts[1]} on warm ones")
            for test in lost:
                print(f"  only on stock kernels: {test}")
            worse += len(lost)
    return worse


def main(arguments: list[str]) -> int:
    with ExitStack() as stack:
        place = arguments[0] if arguments else stack.enter_context(tempfile.TemporaryDirectory(prefix="stats-compat-"))
        Path(place).mkdir(exist_ok=True)
        return int(compare(Path(place).resolve()) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
