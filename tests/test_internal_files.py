"""What a run finds of its own: no name in it leads elsewhere; what cannot be read is told and not believed."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deliveries import Deliveries, Unwatched, internal_folder, published_files, set_folder
from make_workspace import BROKEN, FINE, NAMES, YEAR, make_workspace
from stats import params as parameters
from stats.build.run import Result
from stats.build.state.build_state import Options
from stats.build.state.folder import lying
from stats.build.state.last_run import _beside
from stats.build.state.ledger import History, read
from stats.build.state.lock import held
from stats.build.state.output_paths import OutputPaths
from stats.build.state.sources import sha256
from stats.build.state.status import status
from stats.build.verify import rebuild, verify
from stats.cli import main
from stats.errors import ExitCode, ParamsError, RunEnvironmentError

PAGE = f"附件3-01-{FINE}-{NAMES[FINE]}-会议本.html"
OTHER = f"附件3-02-{BROKEN}-{NAMES[BROKEN]}-会议本.html"


@pytest.fixture
def params(tmp_path: Path, deliveries: Deliveries) -> parameters.Params:
    """A county of two towns with its set built; beside it lies what is nobody's business."""
    params = make_workspace(tmp_path / "county", codes=(FINE, BROKEN))
    deliveries.build(params)
    for name in SIBLINGS:
        (tmp_path / name).write_text("别人的", encoding="utf-8")
    return params


@pytest.fixture
def paths(params: parameters.Params) -> OutputPaths:
    return OutputPaths(params.workspace, YEAR, "meeting")


SIBLINGS = ("secret.html", "secret.pdf", "secret.ipynb", "secret.csv")


def siblings(params: parameters.Params) -> dict[str, str]:
    """What lies beside the workspace, but for the workspace."""
    above = params.workspace.parent
    return {path.name: path.read_text(encoding="utf-8") for path in above.iterdir() if path.is_file()}


# A workspace that somebody hands over: what its ledger, manifests and cache name, they name in their own folder only.

SHA256 = "0" * 64
FILED = {"sha256": SHA256, "size": 1, "modified": 1}


def event(kind: str, document: str, files: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    named = {f"{document}.html": FILED} if files is None else files
    whole = {"state": "complete", "made_from": {}, "images": 0, "tables": 0, "files": named}
    return {"event": kind, "document": document, **(whole if kind == "publishing" else {}), **more}


def ways_out(workspace: Path) -> list[str]:
    """Names of a document that would lead to the siblings from the folder of the set, or from one inside."""
    return ["../../../../secret", "../../../../../secret", "../../../../../../secret", str(workspace.parent / "secret")]


Attack = Callable[[str], list[dict[str, Any]]]
ATTACKS: dict[str, Attack] = {
    "published": lambda name: [event("publishing", name), event("published", name)],
    "published without files": lambda name: [event("publishing", name, {}), event("published", name)],
    "unfinished": lambda name: [event("publishing", name)],
    "unfinished without files": lambda name: [event("publishing", name, {})],
    "another document's files": lambda name: [event("publishing", "附件2-全县汇总和位次", {f"{name}.html": FILED})],
    "withdrawn": lambda name: [event("withdrawn", name)],
    "failed": lambda name: [event("failed", name, code="N-CELL", message="坏了")],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_ledger_leads_a_run_out_of_its_folders(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, attack: str
) -> None:
    before = siblings(params)
    lines = [json.dumps(line) + "\n" for name in ways_out(params.workspace) for line in ATTACKS[attack](name)]
    for force in (False, True):
        with paths.ledger.open("a", encoding="utf-8") as ledger:
            ledger.writelines(lines)
        status(params, Options(jobs=1))
        deliveries.build(params, force=force)
        assert siblings(params) == before
    assert verify(params).differences == ()


def test_a_staged_file_of_an_unfinished_document_goes_nowhere_else(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, tmp_path: Path
) -> None:
    """The worst of it: bytes that somebody chose, put where somebody chose."""
    evil = tmp_path / "evil.html"
    evil.write_bytes(b"evil")
    name = os.path.relpath(tmp_path / "secret", paths.folder)
    chosen = {f"{name}.html": {**FILED, "sha256": sha256(evil), "size": 4}}
    target = paths.staged / f"{name}.html"
    target.resolve().parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(evil, target.resolve())
    with paths.ledger.open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(event("publishing", name, chosen)) + "\n")
    deliveries.build(params)
    assert siblings(params)["secret.html"] == "别人的"


@pytest.mark.parametrize("where", ["files", "stale"])
def test_no_manifest_leads_a_build_or_a_verification_out_of_the_folder(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, where: str
) -> None:
    before = siblings(params)
    for path in (paths.manifest, paths.record):
        content = json.loads(path.read_bytes())
        content["files"]["../../../../secret.csv"] = SHA256
        content["documents"][0][where] = {"../../../../secret.html": SHA256}
        path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ParamsError, match="读不懂"):
        verify(params)
    deliveries.build(params)
    assert siblings(params) == before
    assert verify(params).differences == ()


# Of another version, damaged, or of another shape: told, and made anew.

WHOLE = {"event": "whole", "key": "k", "formats": [], "exit_code": 0, "counts": {}, "beside": {}}
STRANGE_HASH = {"a.html": {**FILED, "sha256": 1}}
ODD = {
    "an unknown event": b'{"event": "renamed", "document": "a"}\n',
    "an event that is no word": b'{"event": ["published"]}\n',
    "no event": b"{}\n",
    "a list": b"[1, 2]\n",
    "a number": b"7\n",
    "deep": b"[" * 100_000 + b"\n",
    "not UTF-8": b"\xff\xfe\x00\n",
    "published before it was begun": b'{"event": "published", "document": "a"}\n',
    "files that are a list": json.dumps(event("publishing", "a", [])).encode() + b"\n",  # type: ignore[arg-type]
    "a file without a size": json.dumps(event("publishing", "a", {"a.html": {"sha256": SHA256}})).encode() + b"\n",
    "a hash that is a number": json.dumps(event("publishing", "a", STRANGE_HASH)).encode() + b"\n",
    "counts that are words": json.dumps(event("publishing", "a", images="1")).encode() + b"\n",
    "a failure without a message": b'{"event": "failed", "document": "a"}\n',
    "a failure whose message is a list": b'{"event": "failed", "document": "a", "code": "x", "message": []}\n',
    "a whole run without a key": b'{"event": "whole"}\n',
    "a whole run that failed": json.dumps({**WHOLE, "exit_code": 3}).encode() + b"\n",
    "a whole run of which a count is a word": json.dumps({**WHOLE, "counts": {"error": "1"}}).encode() + b"\n",
}


@pytest.mark.parametrize("line", ODD)
def test_a_line_that_is_none_of_a_ledger_is_counted_and_says_nothing(tmp_path: Path, line: str) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(json.dumps(WHOLE).encode() + b"\n" + ODD[line])
    assert read(path) == History(lines=2, unread=1)


def test_lines_of_the_ledger_that_cannot_be_read_are_told_once_and_not_believed(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries
) -> None:
    with paths.ledger.open("ab") as ledger:
        ledger.writelines(ODD.values())
    status(params, Options(jobs=1))
    result = deliveries.build(params)
    assert (result.unread, result.exit_code, deliveries.made) == (len(ODD), ExitCode.COMPLETE, [])
    assert deliveries.build(params).unread == 0


def test_what_cannot_be_read_is_told_on_the_screen(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, capsys: pytest.CaptureFixture[str]
) -> None:
    with paths.ledger.open("ab") as ledger:
        ledger.write(b"{}\n")
    assert main(["build", "--workspace", str(params.workspace)]) == ExitCode.COMPLETE
    assert "运行记录中有 1 行读不懂" in capsys.readouterr().out


LOCKS = [b"\xff\xfe", b"", b"[]", b"[" * 100_000, b'{"pid": true}', b'{"pid": -1}', b'{"pid": 0}', b'{"pid": 1e400}']


@pytest.mark.parametrize("content", [*LOCKS, b'{"pid": ' + b"9" * 4000 + b"}"])
def test_a_lock_that_names_no_process_is_nobodys(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lock.json"
    path.write_bytes(content)
    with held(path):
        assert json.loads(path.read_bytes())["pid"] == os.getpid()
    assert not path.exists()


RECORDS: list[Callable[[OutputPaths], None]] = [
    lambda paths: paths.findings.write_bytes(b"\xff\xfe"),
    lambda paths: paths.findings.write_text("severity,label\n严重,错误\n", encoding="utf-8"),
    lambda paths: paths.findings.write_text("\ufeffrule\nV02\n", encoding="utf-8"),
    lambda paths: paths.record.write_text('{"format": 3, "documents": [{"name": 1}]}', encoding="utf-8"),
    lambda paths: paths.record.write_text('{"format": 3, "documents": 1}', encoding="utf-8"),
    lambda paths: paths.record.write_text("[" * 100_000, encoding="utf-8"),
    lambda paths: paths.record.write_bytes(b"\xff"),
    lambda paths: paths.manifest.write_bytes(b"\xff"),
    lambda paths: paths.manifest.write_text("[]", encoding="utf-8"),
]


@pytest.mark.parametrize("damage", RECORDS)
def test_a_damaged_record_is_written_anew_even_if_the_ledger_vouches_for_it(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, damage: Callable[[OutputPaths], None]
) -> None:
    before = published_files(paths.folder)
    findings, record = paths.findings.read_bytes(), paths.record.read_bytes()
    damage(paths)
    vouch(paths)
    status(params, Options(jobs=1))
    assert deliveries.build(params).exit_code == ExitCode.COMPLETE
    assert published_files(paths.folder) == before
    assert (paths.findings.read_bytes(), paths.record.read_bytes()) == (findings, record)


def vouch(paths: OutputPaths) -> None:
    """Let the ledger tell of the files as they lie there now."""
    *lines, last = paths.ledger.read_text(encoding="utf-8").splitlines()
    whole = {**json.loads(last), "beside": _beside(paths)}
    assert whole["event"] == "whole"
    paths.ledger.write_text("\n".join([*lines, json.dumps(whole)]) + "\n", encoding="utf-8")


# Something that is no file lies in the place of one.


def make_link(path: Path) -> None:
    """To a file of the very same bytes."""
    moved = path.parents[3] / f"moved-{path.name}"
    path.rename(moved)
    path.symlink_to(moved)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_full_folder(path: Path) -> None:
    make_folder(path)
    (path / "别人的.txt").write_text("别人的", encoding="utf-8")


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.open(path.parent, os.O_RDONLY)
        bound.bind(f"/proc/self/fd/{here}/{path.name}")
        os.close(here)


KINDS = {"link": make_link, "folder": make_folder, "full folder": make_full_folder, "pipe": make_pipe}
if os.path.isdir("/proc/self/fd"):
    KINDS["socket"] = make_socket
needs_kinds = pytest.mark.skipif(os.name != "posix", reason="other systems have no such files")


def built(deliveries: Deliveries, params: parameters.Params) -> Result:
    deliveries.text = "二"
    return deliveries.build(params, force=True)


@needs_kinds
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_in_a_documents_place_costs_that_document_only(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, kind: str
) -> None:
    place = paths.folder / PAGE
    KINDS[kind](place)
    before = place.lstat().st_ino
    result = built(deliveries, params)
    assert [(each.document, each.code) for each in result.failures] == [(Path(PAGE).stem, "P-PLACE")]
    assert PAGE in result.failures[0].message
    assert result.exit_code == ExitCode.RUN_FAILED
    assert (paths.folder / OTHER).read_text(encoding="utf-8").startswith("二")
    assert place.lstat().st_ino == before


@needs_kinds
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_in_a_documents_place_is_no_unchanged_document(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, kind: str
) -> None:
    KINDS[kind](paths.folder / PAGE)
    found = {each.name: each for each in status(params, Options(jobs=1)).standings}[Path(PAGE).stem]
    assert (found.kind, found.why) == ("stale", ("html 文件处现在不是文件",))
    assert deliveries.build(params).exit_code == ExitCode.RUN_FAILED
    assert deliveries.made == [Path(PAGE).stem]


@needs_kinds
@pytest.mark.parametrize(
    ("name", "kind"), [("index.html", "link"), ("data/indicators.csv", "full folder"), ("manifest.json", "pipe")]
)
def test_what_is_no_file_in_the_place_of_another_is_named_when_all_the_rest_is_written(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, kind: str, name: str
) -> None:
    KINDS[kind](paths.folder / name)
    with pytest.raises(RunEnvironmentError, match=Path(name).name):
        built(deliveries, params)
    assert (paths.folder / PAGE).read_text(encoding="utf-8").startswith("二")
    if name != "manifest.json":
        assert {each.path.partition("/别")[0] for each in verify(params).differences} == {name}
    KINDS_AWAY[kind](paths.folder / name)
    deliveries.build(params)
    assert verify(params).differences == ()


KINDS_AWAY: dict[str, Callable[[Path], None]] = {
    **dict.fromkeys(("link", "pipe", "socket"), Path.unlink),
    **dict.fromkeys(("folder", "full folder"), shutil.rmtree),
}


@needs_kinds
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [PAGE])
def test_what_is_no_file_is_told_by_a_verification(
    params: parameters.Params, paths: OutputPaths, kind: str, name: str
) -> None:
    KINDS[kind](paths.folder / name)
    found = [(each.path, each.kind) for each in verify(params).differences]
    assert found[0] == (name, "irregular")
    assert found[1:] == ([(f"{name}/别人的.txt", "extra")] if kind == "full folder" else [])
    again = rebuild(params, Options(jobs=1), Unwatched())
    assert name in {each.path.partition("/别")[0] for each in again.differences}


@needs_kinds
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_and_nobody_asked_for_is_named(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, kind: str
) -> None:
    extra = paths.folder / "附件9.html"
    extra.write_text("多余", encoding="utf-8")
    KINDS[kind](extra)
    (name,) = (path for path in lying(paths.folder) if path.startswith(extra.name))
    assert [(each.path, each.kind) for each in verify(params).differences] == [(name, "extra")]
    assert deliveries.build(params).strangers == (name,)


@needs_kinds
@pytest.mark.parametrize(("name", "kind"), [("ledger.jsonl", "pipe"), ("ledger.jsonl", "link"), ("lock.json", "pipe")])
def test_what_is_no_file_in_the_place_of_ledger_or_lock_is_named_and_nothing_is_done(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries, kind: str, name: str
) -> None:
    path = internal_folder(params.workspace) / name
    path.touch()
    KINDS[kind](path)
    before = published_files(set_folder(params.workspace))
    with pytest.raises(RunEnvironmentError, match=name):
        built(deliveries, params)
    assert published_files(set_folder(params.workspace)) == before


def test_a_document_no_longer_due_whose_place_is_taken_is_let_go(
    params: parameters.Params, paths: OutputPaths, deliveries: Deliveries
) -> None:
    make_full_folder(paths.folder / OTHER)
    fewer = make_workspace(params.workspace.parent / "fewer", codes=(FINE,)).workspace
    shutil.copytree(fewer / "params", params.workspace / "params", dirs_exist_ok=True)
    result = deliveries.build(parameters.load(params.workspace))
    assert result.strangers == (f"{OTHER}/别人的.txt",)
    assert not (paths.folder / OTHER).with_suffix(".pdf").exists()


def test_a_lock_is_held_whatever_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "lock.json.9").mkdir()
    with held(tmp_path / "lock.json"):
        assert (tmp_path / "lock.json").exists()
