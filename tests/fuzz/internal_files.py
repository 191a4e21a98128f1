"""What the scripts for files of the project's own share: one built set, one of its files damaged, what must hold then.

Whatever lies in such a file's place: no command ends with a traceback or takes longer than five seconds of this
process, nothing is opened for writing outside the workspace and nothing beside it changes, and after the next build
every document is what it was.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["stats.build", "stats.returns.cached_reader", "stats.disclosure.issued"]):
    from handmade_files import SECONDS, TOKENS, Watch, damaged

    from deliveries import Deliveries, published_files
    from make_workspace import BROKEN, FINE, YEAR, make_workspace
    from stats.build.processes import workers
    from stats.build.state.output_paths import OutputPaths
    from stats.cli import main
    from stats.errors import ExitCode

JSON_TOKENS = (
    *('"', ":", "{}", "[]", "null", "true", "-1", "1e400", "\\u0000", "\\ud800", '"event"', '"published"', '"files"'),
    *("../", "../../secret", "/etc/passwd", "\n", "0" * 64, '{"event": "whole"}\n', '"key"', "附件2-全县统计汇总"),
)
COMMANDS = ("status", "verify", "check")


class Ground:
    """A built county of two towns whose own files are damaged one at a time."""

    def __init__(self, folder: Path) -> None:
        workers.team = Deliveries().team  # type: ignore[assignment]
        os.environ["XDG_CONFIG_HOME"] = str(folder / "settings")  # where a confirmed notebook is remembered
        tempfile.tempdir = str(folder / "temporary")
        Path(tempfile.tempdir).mkdir()
        self.folder = folder
        self.workspace = make_workspace(folder / "county", codes=(FINE, BROKEN)).workspace
        (folder / "secret.html").write_text("别人的", encoding="utf-8")
        paths = OutputPaths(self.workspace, YEAR, "meeting")
        self.set_folder, self.lock = paths.folder, paths.internal / "lock.json"
        for command in ("build", "check", "issue"):
            assert self.run(command)[0] == ExitCode.COMPLETE
        self.clean, self.own = published_files(self.set_folder), self._own_files()
        self.own[self.lock] = b'{"pid": 4194304, "host": "elsewhere", "since": "2021-01-01T00:00:00"}'

    def _own_files(self) -> dict[Path, bytes]:
        inside = [path for path in (self.workspace / "reports").rglob("*") if path.is_file()]
        kept = [path for path in inside if path.suffix in (".json", ".jsonl", ".csv", ".tables") or path.name == "key"]
        return {path: path.read_bytes() for path in (*kept, *sorted((self.workspace / "data/issued").glob("*.json")))}

    def run(self, command: str) -> tuple[int, str]:
        """A command's exit code and all it says."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = main([command, "--workspace", str(self.workspace)])
        if "Traceback" in said.getvalue() or "内部出错" in said.getvalue():
            raise AssertionError(f"stats {command} ends with a traceback: {said.getvalue()}")
        return code, said.getvalue()

    def try_file(self, path: Path, content: bytes) -> None:
        """Every command with this content in the place of one of the files; then all is as it was."""
        path.write_bytes(content)
        for command in (*COMMANDS, "build"):
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                code, said = self.run(command)
            except BaseException:
                print(f"in the place of {path.name}: {content!r}", file=sys.stderr)
                raise
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self._look(path, content, code, said)
        for own, before in self.own.items():
            own.write_bytes(before)
        self.lock.unlink()

    def _look(self, path: Path, content: bytes, code: int, said: str) -> None:
        is_issue = path.parent.name == "issued"
        if code != ExitCode.COMPLETE and not (is_issue and path.name in said):
            raise AssertionError(f"{path.name} as {content!r}: exit code {code}: {said}")
        if published_files(self.set_folder) != self.clean:
            raise AssertionError(f"{path.name} as {content!r}: the set is another now")
        if sorted(each.name for each in self.folder.iterdir()) != ["county", "secret.html", "settings", "temporary"]:
            raise AssertionError(f"{path.name} as {content!r}: something was written beside the workspace")


def run(*patterns: str) -> None:
    """Damage the files whose name fits one of the patterns for as long as the command line says."""
    watch = Watch()
    ground = Ground(watch.folder)
    names = sorted(path for path in ground.own if any(path.match(pattern) for pattern in patterns))
    assert names

    def test_one_input(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        path = names[provider.ConsumeIntInRange(0, len(names) - 1)]
        text = ground.own[path].decode("utf-8", errors="replace")
        ground.try_file(path, damaged(provider, text, (*TOKENS, *JSON_TOKENS)))

    atheris.Setup(sys.argv, test_one_input)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(watch.folder, ignore_errors=True)
