"""What must hold of a set after any ending of a run: every file old or new, whole, and on record."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from deliveries import internal_folder, leftovers, published_files, set_folder
from fault_driver import Driver, Ending, county, set_version
from fault_shim import Fault
from stats.build.state.ledger import read
from stats.build.state.sources import sha256
from stats.errors import ExitCode

DOCUMENTS = (".html", ".pdf", ".docx", ".ipynb")
VOLUME = "合订本-会议本.pdf"
OLD, NEW = "一", "二"


@dataclass
class Ground:
    """A workspace with an older set in it, to which each test returns; and both sets as clean runs make them."""

    driver: Driver
    folder: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    before: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def laid(cls, driver: Driver, folder: Path) -> Ground:
        sets = {}
        for text in (OLD, NEW):
            clean = county(folder / f"clean-{text}", driver.codes, text)
            ending = driver.build(clean, text)
            if ending.code != ExitCode.COMPLETE:
                raise RuntimeError(ending.problem)
            sets[text] = published_files(set_folder(clean))
        shutil.copytree(folder / f"clean-{OLD}", folder / "work")
        return cls(driver, folder, sets[OLD], sets[NEW])

    @property
    def workspace(self) -> Path:
        return self.folder / "work"

    @property
    def reports(self) -> Path:
        return self.workspace / "reports"

    def restore(self, *, empty: bool = False) -> None:
        """The older set lies there again, or none where the first run is tried, and newer returns have come in."""
        shutil.rmtree(self.reports, ignore_errors=True)
        if not empty:
            shutil.copytree(self.folder / f"clean-{OLD}/reports", self.reports)
        self.before = {} if empty else self.old
        set_version(self.workspace, NEW)

    def run(self, fault: Fault | None = None) -> Ending:
        """Build the newer set over the older one."""
        return self.driver.build(self.workspace, NEW, fault)

    def calls(self, fault: Fault, *, empty: bool = False) -> int:
        """How many calls of these kinds a run makes in which nothing goes wrong."""
        self.restore(empty=empty)
        return self.run(fault).counted

    def faults_of_the_set(self, *, killed: bool = False) -> list[str]:
        """Whatever is not as it must be after any ending; a killed run may leave temporary files."""
        return [*self._torn(killed=killed), *self._off_the_record(), *self._claimed()]

    def _torn(self, *, killed: bool) -> list[str]:
        lying = published_files(set_folder(self.workspace))
        gone = self.before.keys() - lying.keys()
        # a volume goes with the manifest that no longer names it, until the next run makes it anew
        let_go = {VOLUME} - json.loads(lying["manifest.json"])["files"].keys() if gone else set()
        found = [f"{name} is gone" for name in sorted(gone - let_go)]
        for name, content in lying.items():
            if name.endswith(".part"):
                found += [] if killed else [f"{name} was left"]
            elif name == "manifest.json":
                found += [] if json.loads(content)["format"] else [f"{name} has no format"]
            elif name == "index.html":
                found += [] if content.endswith(b"</html>") else [f"{name} is cut short"]
            elif content not in (self.before.get(name), self.new.get(name)):
                found.append(f"{name} is neither old nor new ({len(content)} bytes)")
        return found

    def _off_the_record(self) -> list[str]:
        path = internal_folder(self.workspace) / "ledger.jsonl"
        ledger = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        documents = [path for path in set_folder(self.workspace).glob("附件*") if path.suffix in DOCUMENTS]
        return [f"{path.name} is not on record" for path in documents if sha256(path) not in ledger]

    def _claimed(self) -> list[str]:
        """What the ledger says is published and does not lie there."""
        history = read(internal_folder(self.workspace) / "ledger.jsonl")
        claimed = [each for name, each in history.published.items() if name not in history.unfinished]
        return [
            f"{name} is on record with other bytes"
            for publication in claimed
            for name, filed in publication.files.items()
            if sha256(set_folder(self.workspace) / name) != filed.sha256
        ]

    def faults_after_resuming(self) -> list[str]:
        """Whatever differs from a clean run once another run, in which nothing goes wrong, has followed."""
        ending = self.run()
        lying = published_files(set_folder(self.workspace))
        found = [f"resuming ended with {ending}"] if ending.code != ExitCode.COMPLETE else []
        found += [
            f"{name} differs"
            for name in sorted(lying.keys() | self.new.keys())
            if lying.get(name) != self.new.get(name)
        ]
        return found + [f"{name} was left" for name in leftovers(self.workspace)]
