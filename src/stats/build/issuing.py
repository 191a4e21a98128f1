"""A set that goes out is put on record, as figures, so that the next issue is proved with it. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stats import disclosure, report
from stats.build.state.build_state import Options
from stats.build.state.lock import held
from stats.build.state.output_paths import OutputPaths, inside, make_folder
from stats.build.state.status import KIND_LABELS, Status, status
from stats.build.verify import KIND_LABELS as DIFFERENCE_LABELS
from stats.build.verify import verify
from stats.disclosure.issued import PLACE, Record, next_record
from stats.errors import ExitCode, ParamsError
from stats.files import write_atomically
from stats.params import Params

_BUILD = "请先运行 stats build 生成完整的一套，核对无误后再登记"


@dataclass(frozen=True, slots=True)
class Issue:
    """A set on record in ``file``; ``is_new`` is false where the last record of the kind says the same already.

    ``withheld`` are the documents in whose place a page goes out that says 待核对, because a return is refused.
    """

    record: Record
    file: str
    is_new: bool
    withheld: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The set is on record."""
        return ExitCode.COMPLETE


def issue(params: Params) -> Issue:
    """Put the set of a year and edition on record as gone out.

    ParamsError, saying what to do, where it is not built or not whole, where its files are not those of its manifest,
    where it no longer says what the data say, and for the full edition, which stays in the house.
    """
    if params.edition == "full":
        raise ParamsError("全本（full）供县内留用，不对外印发，不作登记", "登记会议本或公开本，用 --edition 指明版本")
    paths = OutputPaths(params.workspace, params.year, params.edition)
    _refuse_changed_files(params)
    with held(paths.lock):
        report.load.cache_clear()
        loaded = report.load(params.workspace, year=params.year, edition=params.edition)
        standing = status(params, Options(jobs=1, formats=()))
        _refuse_unfinished(standing)
        withheld = tuple(each.name for each in standing.standings if each.kind == "refused")
        return _recorded(loaded, withheld)


def _refuse_changed_files(params: Params) -> None:
    found = verify(params).differences
    if found:
        first = found[0]
        more = f"等 {len(found)} 个文件" if len(found) > 1 else ""
        raise ParamsError(f"{first.path}{more}：{DIFFERENCE_LABELS[first.kind]}，不是生成时的那一套", _BUILD)


def _refuse_unfinished(standing: Status) -> None:
    for each in standing.standings:
        if each.kind in ("stale", "failed"):
            why = f"（{'；'.join(each.why)}）" if each.why else ""
            raise ParamsError(f"{each.name}：{KIND_LABELS[each.kind]}{why}，这一套不是最新", _BUILD)


def _recorded(loaded: report.Session, withheld: tuple[str, ...]) -> Issue:
    params, records = loaded.params, loaded.examined.issued
    number = next_record(records, params.year, params.edition)
    key = disclosure.county_key(params.workspace)
    record = disclosure.recorded(loaded.released, number, key)
    of_its_kind = [each for each in records if (each.year, each.edition) == (params.year, params.edition)]
    last = max(of_its_kind, key=lambda each: each.number, default=None)
    if last is not None and record.says_the_same_as(last):
        return Issue(last, _file(last), is_new=False, withheld=withheld)
    folder = params.workspace / PLACE
    make_folder(folder)
    write_atomically(inside(folder, f"{record.name}.json"), record.to_bytes(key))
    return Issue(record, _file(record), is_new=True, withheld=withheld)


def _file(record: Record) -> str:
    return f"{PLACE}/{record.name}.json"


def to_json(params: Params, found: Issue) -> dict[str, Any]:
    """The result for machines."""
    return {
        "year": params.year,
        "edition": params.edition,
        "exit_code": found.exit_code,
        "record": found.file,
        "new": found.is_new,
        "counts_shown": len(found.record.shown),
        "counts_hidden": len(found.record.hidden),
        "withheld": list(found.withheld),
    }
