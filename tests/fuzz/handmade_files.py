"""What the scripts for hand-made files share: one valid workspace, one of its files damaged, and what must hold then.

Whatever is not taken is refused as StatsError that names the file; nothing takes longer than five seconds of this
process; nothing is opened for writing outside the workspace; what is taken can be printed.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["stats.params", "stats.inputs", "stats.benchmarks", "stats.texts", "csv"]):
    from handmade import FILES, YEAR, handmade
    from stats import benchmarks, params
    from stats.errors import StatsError
    from stats.returns.declarations import CORRECTIONS, EXPLANATIONS, Correction, Explanation, read_declared
    from stats.texts.drawable import undrawable

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
SECONDS = 5.0
CODECS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
TOKENS = (
    *"[]{}:-?&*!|>'\"%@`#,\n\t 　\x00\x1b\x85\x9b\u202e\ufeff\u2028\U0001f600\ue000𠙶镇",
    *("---\n", "...\n", "%YAML 1.1\n", "<<: *a", "&a ", "!!python/object ", "? ", "- ", "  ", "\r\n", "\r", '""', "~"),
    *("null", "no", "1e30", "1e999999", "1_0", "-0", "００", "½", "nan", "inf", "0x1F", "9" * 30, "2021"),
    *("990118111000", "9.9E+11", "REC-05", "SYS-99", "张建国", "13800138000", "某旅", "镇,镇,", "全市", "peer"),
    *("city", "former_names"),
    *("units", "breaks", "year", "=1+1", ";", "；", "，"),
)  # fmt: skip


class Watch:
    """A new folder, outside which this process opens no file for writing from now on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=MEMORY))
        sys.addaudithook(self._watch)
        signal.signal(signal.SIGVTALRM, _too_long)

    def _watch(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path, flags = os.fspath(arguments[0]), arguments[2]
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        inside = (
            os.fsdecode(path).startswith((str(self.folder), "/dev/null"))
            or Path(os.fsdecode(path)).name == "failing-file"
        )
        if writes and not inside:
            raise AssertionError(f"{path!r} is opened for writing")


class Ground:
    """A workspace on which one file after the other is tried."""

    def __init__(self) -> None:
        self.workspace = handmade(Watch().folder / "county")

    def try_file(self, name: str, content: bytes) -> None:
        """Read everything with this content in the place of one file, which is put right again."""
        (self.workspace / name).write_bytes(content)
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            self._read(name)
        except BaseException:
            Path("failing-file").write_bytes(content)
            print(f"in the place of {name}: {content!r}", file=sys.stderr)
            raise
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            (self.workspace / name).write_text(FILES[name], encoding="utf-8")

    def _read(self, name: str) -> None:
        try:
            run = params.load(self.workspace)
            found, _, _ = benchmarks.read(self.workspace, [YEAR])
            for model, kind in ((Correction, CORRECTIONS), (Explanation, EXPLANATIONS)):
                read_declared(model, kind, run, [YEAR])  # type: ignore[type-var]
        except StatsError as error:
            if "\n" in error.problem or not error.remedy:
                raise AssertionError(f"not one line of problem and one of remedy: {error}") from error
            return
        units = (*run.units, run.county_unit)
        shown = [*(unit.name for unit in units), *(text for each in found for text in (each.name, each.source))]
        shown += [target.source for targets in run.targets.values() for target in targets.values()]
        if odd := [text for text in (*shown, *(item.reason for item in run.breaks)) if undrawable(text)]:
            raise AssertionError(f"{name}: taken, and cannot be printed: {odd!r}")


def _too_long(number: int, frame: FrameType | None) -> None:
    raise AssertionError(f"it takes longer than {SECONDS:g} s")


def damaged(data: atheris.FuzzedDataProvider, text: str, tokens: Sequence[str] = TOKENS) -> bytes:
    """The text with a few cuts, insertions and repeats, in one of the encodings, or any bytes at all."""
    kind = data.ConsumeIntInRange(0, 9)
    if kind == 0:
        return bytes(data.ConsumeBytes(400))
    for _ in range(data.ConsumeIntInRange(1, 4)):
        at, length = data.ConsumeIntInRange(0, len(text)), data.ConsumeIntInRange(0, 30)
        choice = data.ConsumeIntInRange(0, len(tokens))
        junk = data.ConsumeUnicodeNoSurrogates(8) if choice == len(tokens) else tokens[choice]
        junk *= data.ConsumeIntInRange(1, 3) if kind > 1 else data.ConsumeIntInRange(1, 60_000)
        text = text[:at] + junk + text[at + length :]
    return text.encode(CODECS[data.ConsumeIntInRange(0, len(CODECS) - 1)])


def run(names: Sequence[str]) -> None:
    """Damage these files, one at a time, for as long as the command line says."""
    ground = Ground()

    def test_one_input(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        name = names[provider.ConsumeIntInRange(0, len(names) - 1)]
        ground.try_file(name, damaged(provider, FILES[name]))

    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
