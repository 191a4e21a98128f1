"""What is handed out holds what may go out and nothing else, in each edition; everything else lies inside."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import demo
from deliveries import Deliveries, Unwatched, internal_folder, returns_file, set_folder
from make_workspace import FINE, NAMES, REFUSED, YEAR, make_workspace
from stats import params as parameters
from stats import report
from stats.build.run import Result, build
from stats.build.state.build_state import Options
from stats.build.state.ledger import read
from stats.build.state.lock import held
from stats.build.state.older_layout import take_over
from stats.build.state.output_paths import OutputPaths, is_plain_name, make_private_folder
from stats.build.state.status import status
from stats.build.tables.findings_table import FINDING_COLUMNS, write_findings
from stats.build.verify import verify
from stats.disclosure import EDITIONS
from stats.documents import DOCUMENTS
from stats.errors import LockedError
from stats.formats import made_in

SHOWN = ("990118000000", "990118105000", "990118106000", "990118107000")
HASH = re.compile(rb"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def lying(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# The demonstration county in its three editions: the documents of the county and of two towns.


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration") / "云汀县"
    demo.write(folder)
    return folder


@pytest.fixture(scope="module", params=list(EDITIONS))
def result(request: pytest.FixtureRequest, workspace: Path) -> Result:
    given = parameters.load(workspace, edition=request.param)
    return build(given, Options(jobs=2, formats=("html",), units=frozenset(SHOWN)), Unwatched())


@pytest.fixture(scope="module")
def files(result: Result) -> dict[str, bytes]:
    return lying(result.folder)


def documents(result: Result) -> set[str]:
    made = {each.number: made_in(["html"], each.formats) for each in DOCUMENTS}
    suffixes = ((entry.name, made[entry.number.partition("-")[0]]) for entry in result.entries if entry.files)
    return {f"{name}.{suffix}" for name, wanted in suffixes for suffix in wanted}


def test_the_folder_holds_documents_figures_index_and_manifest(result: Result, files: dict[str, bytes]) -> None:
    own = {"data/cells.csv"} if result.paths.edition == "full" else set()
    lists = {path for path in files if path.startswith("退回核对表/")}
    of_set = [each for each in DOCUMENTS if result.paths.edition in each.editions]
    made = ((len(SHOWN) - 1 if each.of == "town" else 1) * len(made_in(["html"], each.formats)) for each in of_set)
    assert len(documents(result)) == sum(made)
    assert set(files) == documents(result) | {"data/indicators.csv", "index.html", "manifest.json"} | own | lists
    assert (len(lists) > 5) == (result.paths.edition == "full")


def test_the_manifest_has_documents_their_states_and_files_and_findings_as_counts(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    assert set(manifest) == {
        "format", "county", "year", "edition", "marking", "demonstration", "documents", "files", "findings"
    }  # fmt: skip
    assert {name for document in manifest["documents"] for name in document} == {
        "name", "number", "unit_code", "unit_name", "state", "receipt", "files", "stale"
    }  # fmt: skip
    assert set(manifest["findings"]) == {"fatal", "error", "warning", "note"}
    assert all(isinstance(count, int) for count in manifest["findings"].values())


def test_the_manifest_tells_of_every_other_file_and_of_no_hash_but_theirs(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    named = dict(manifest["files"])
    for document in manifest["documents"]:
        named |= document["files"]
    assert named == {path: sha256(content) for path, content in files.items() if path != "manifest.json"}
    assert {found.decode() for found in HASH.findall(files["manifest.json"])} == set(named.values())


def secrets(workspace: Path) -> Iterator[str]:
    """The SHA-256 of every file a set is made from, and of everything that stands in a cell of a return."""
    for folder in ("data", "params"):
        yield from (sha256(path.read_bytes()) for path in (workspace / folder).rglob("*") if path.is_file())
    for cell in report.examine(parameters.load(workspace)).cells:
        yield sha256(cell.raw.encode())


def test_no_hash_of_anything_that_came_in_is_handed_out(
    workspace: Path, result: Result, files: dict[str, bytes]
) -> None:
    handed_out = {found.decode().lower() for content in files.values() for found in HASH.findall(content)}
    record = json.loads(result.paths.record.read_bytes())
    kept = {found.decode() for found in HASH.findall(json.dumps(record["sources"]).encode())}
    made_from = {digest for document in record["documents"] for digest in document["made_from"].values()}
    assert len(kept) > 20
    assert made_from
    assert not handed_out & {*secrets(workspace), *kept, *made_from}


def test_no_path_of_the_machine_is_handed_out(workspace: Path, files: dict[str, bytes]) -> None:
    project = Path(__file__).resolve().parents[1]
    private = [str(each).encode() for each in (workspace, workspace.parent, project, Path.home() / ".")]
    told = {path for path, content in files.items() for text in private if text in content and len(text) > 5}
    assert told == set()
    assert not [path for path, content in files.items() if b".internal" in content]


def test_why_a_unit_is_not_published_names_no_check_outside(result: Result, files: dict[str, bytes]) -> None:
    refused = [entry for entry in result.entries if entry.state == "refused"]
    assert {(entry.unit_code, entry.rules) for entry in refused} == {(SHOWN[3], ("V02",))}
    for path in ("manifest.json", "index.html"):
        assert b"V02" not in re.sub(rb"base64,[A-Za-z0-9+/=]+", b"", files[path])  # letters of a font are no words
    assert "附一页待核对说明" in files["index.html"].decode()


def test_the_findings_with_their_values_lie_inside(result: Result) -> None:
    head = result.paths.findings.read_text(encoding="utf-8-sig").splitlines()[0]
    assert head == ",".join(FINDING_COLUMNS)
    assert result.paths.findings == result.paths.year_folder / ".internal/findings.csv"


def test_what_is_asked_of_the_units_lies_inside_but_for_the_full_edition(result: Result) -> None:
    inside = [path.name for path in result.paths.worklists.iterdir()]
    assert (len(inside) > 5) == (result.paths.edition != "full")
    assert all(re.fullmatch(r"\d{12}-\w+\.xlsx", name) for name in inside)


def corrected(workspace: Path) -> None:
    """The refused town hands in a return that nothing is wrong with."""
    text = returns_file(workspace).read_text(encoding="utf-8")
    returns_file(workspace).write_text(text.replace("autumn,5,9", "autumn,5,4"), encoding="utf-8")


@pytest.mark.parametrize("edition", ["meeting", "full"])
def test_a_list_of_what_is_asked_goes_when_nothing_is_asked_any_more(
    tmp_path: Path, deliveries: Deliveries, edition: str
) -> None:
    params = make_workspace(tmp_path, codes=(FINE, REFUSED)).model_copy(update={"edition": edition})
    paths = deliveries.build(params).paths
    lists = paths.folder / "退回核对表" if edition == "full" else paths.worklists
    (asked,) = lists.glob(f"{REFUSED}-*.xlsx")
    corrected(tmp_path)
    assert deliveries.build(params).strangers == ()
    assert not asked.exists()


def test_what_somebody_put_among_the_lists_stays(params: parameters.Params, deliveries: Deliveries) -> None:
    own = OutputPaths(params.workspace, YEAR, "meeting").worklists / "县里的说明.txt"
    own.write_text("县里的", encoding="utf-8")
    corrected(params.workspace)
    deliveries.build(params)
    assert own.exists()


def test_what_lies_inside_is_closed_to_other_accounts(result: Result) -> None:
    for folder in (result.paths.internal_of_year, result.paths.internal):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_a_folder_is_private_whatever_new_files_are_allowed(tmp_path: Path, mask: int) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir(mode=0o777)
    open_to_all.chmod(0o777)
    before = os.umask(mask)
    try:
        for folder in (tmp_path / "new", open_to_all):
            make_private_folder(folder)
    finally:
        os.umask(before)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new", "open")] == [0o700] * 2


# Files that are not of the set.


@pytest.fixture
def params(tmp_path: Path, deliveries: Deliveries) -> parameters.Params:
    """A county of two towns, one of them refused, with its set built."""
    params = make_workspace(tmp_path, codes=(FINE, REFUSED))
    deliveries.build(params)
    return params


@pytest.mark.parametrize("name", ["批注.txt", "data/底稿.xlsx", ".DS_Store", "旧稿/附件2.html"])
def test_what_somebody_put_among_it_is_named_by_each_build_and_stays(
    params: parameters.Params, deliveries: Deliveries, name: str
) -> None:
    put = set_folder(params.workspace) / name
    put.parent.mkdir(exist_ok=True)
    put.write_text("县里的批注", encoding="utf-8")
    for force in (False, True):
        assert deliveries.build(params, force=force).strangers == (name,)
    assert put.read_text(encoding="utf-8") == "县里的批注"
    assert [(each.path, each.kind) for each in verify(params).differences] == [(name, "extra")]


# What an earlier version left: its manifest told of more, and beside the documents lay what is now inside.


@pytest.fixture
def older(params: parameters.Params, deliveries: Deliveries) -> parameters.Params:
    """The same set as an earlier version would have left it."""
    paths = OutputPaths(params.workspace, YEAR, "meeting")
    manifest = json.loads(paths.manifest.read_bytes())
    for name in ("data/findings.csv", "附件4-退回核对表.xlsx"):
        (paths.folder / name).write_text(f"旧 {name}", encoding="utf-8")
        manifest["files"][name] = sha256(f"旧 {name}".encode())
    paths.manifest.write_text(json.dumps({**manifest, "format": 2}), encoding="utf-8")
    paths.findings.rename(paths.year_folder / "findings.csv")
    paths.record.unlink()
    paths.internal.rename(paths.folder / ".build")
    (paths.year_folder / ".build-check").mkdir()
    paths.internal_of_year.rmdir()
    return params


def test_an_older_set_is_taken_over_and_its_documents_stay_as_they_are(
    older: parameters.Params, deliveries: Deliveries
) -> None:
    folder, inside = set_folder(older.workspace), internal_folder(older.workspace)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("附件*") if path.suffix != ".xlsx"}
    result = deliveries.build(older)
    assert (deliveries.made, result.strangers) == ([], ())
    assert {path: path.stat().st_mtime_ns for path in before} == before
    beside = {"data/indicators.csv", "index.html", "manifest.json", "合订本-会议本.pdf"}
    assert set(lying(folder)) == {*(path.name for path in before), *beside}
    assert {path.name for path in (inside / "withdrawn").iterdir()} == {"findings.csv", "附件4-退回核对表.xlsx"}
    assert {path.name for path in (inside.parent / "withdrawn").iterdir()} == {"findings.csv", "build-check"}
    assert {path.name for path in set_folder(older.workspace).parent.iterdir()} == {"meeting", ".internal"}
    assert verify(older).differences == ()


def test_the_status_of_an_older_set_is_told_before_it_is_taken_over(older: parameters.Params) -> None:
    found = status(older, Options(jobs=1))
    assert found.counts == {"current": 3, "refused": 1}
    assert not internal_folder(older.workspace).exists()


def test_an_older_file_that_somebody_has_changed_stays_and_is_named(
    older: parameters.Params, deliveries: Deliveries
) -> None:
    changed = set_folder(older.workspace) / "附件4-退回核对表.xlsx"
    changed.write_text("已填写答复", encoding="utf-8")
    assert deliveries.build(older).strangers == (changed.name,)
    assert changed.read_text(encoding="utf-8") == "已填写答复"


def test_a_list_of_findings_that_is_not_ours_stays(older: parameters.Params, deliveries: Deliveries) -> None:
    others = set_folder(older.workspace).parent / "findings.csv"
    others.write_text("别人的表", encoding="utf-8")
    deliveries.build(older)
    assert others.read_text(encoding="utf-8") == "别人的表"


def test_an_older_set_is_left_alone_while_the_earlier_version_is_at_work(
    older: parameters.Params, deliveries: Deliveries
) -> None:
    with held(set_folder(older.workspace) / ".build/lock.json"), pytest.raises(LockedError, match="另一次运行"):
        deliveries.build(older)
    assert (set_folder(older.workspace) / ".build/ledger.jsonl").exists()


@pytest.mark.parametrize("moves", range(1, 9))
def test_a_move_that_was_killed_is_finished_by_the_next_run(
    older: parameters.Params, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    original, done = Path.rename, []

    def killed(path: Path, target: Path) -> Path:
        if len(done) == moves:
            raise KeyboardInterrupt
        done.append(path)
        return original(path, target)

    paths = OutputPaths(older.workspace, YEAR, "meeting")
    paths.prepare()
    published = read(set_folder(older.workspace) / ".build/ledger.jsonl").published
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "rename", killed)
        take_over(paths)
    take_over(paths)
    assert read(paths.ledger).published == published
    assert not (paths.folder / ".build").exists()


def test_what_is_inside_already_is_not_replaced_by_what_an_earlier_version_left(
    params: parameters.Params, deliveries: Deliveries
) -> None:
    old = set_folder(params.workspace) / ".build"
    old.mkdir()
    (old / "ledger.jsonl").write_text("旧", encoding="utf-8")
    deliveries.build(params)
    assert deliveries.made == []
    assert (internal_folder(params.workspace) / "withdrawn/build/ledger.jsonl").read_text(encoding="utf-8") == "旧"


def test_a_check_moves_an_older_list_of_findings_out_of_the_way(params: parameters.Params) -> None:
    paths = OutputPaths(params.workspace, YEAR, "meeting")
    old = paths.year_folder / "findings.csv"
    old.write_bytes(paths.findings.read_bytes())
    assert write_findings(params, []) == paths.findings
    assert not old.exists()
    assert (paths.internal_of_year / "withdrawn/findings.csv").exists()


# Names.


HARMFUL = ["", ".", "..", "a/b", "/a", "a\\b", "C:a", "a\x00", "a\n", "\u202ea", "\ud800", "长" * 86]


@pytest.mark.parametrize("name", HARMFUL)
def test_a_name_that_could_lead_elsewhere_or_hide_is_no_name_of_a_file(name: str) -> None:
    assert not is_plain_name(name)


def test_the_names_of_documents_are_names_of_files() -> None:
    assert is_plain_name(f"附件3-01-{FINE}-{NAMES[FINE]}-会议本.html")
    assert is_plain_name("长" * 85)
