"""All that is looked for in a published set and in what went out beside it. Mends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stats.catalogue.variables import variables
from stats.disclosure.counts import protected_variables
from stats.disclosure.editions import EDITIONS
from stats.disclosure_check import drawings, texts
from stats.disclosure_check.csv_file import read_csv
from stats.disclosure_check.elsewhere import elsewhere
from stats.disclosure_check.facts import Said, SetFacts
from stats.disclosure_check.findings import NOT_PROVED, Leak, in_order
from stats.disclosure_check.handed_out import HandedOut, Page, others, read
from stats.disclosure_check.knowledge import together
from stats.disclosure_check.presence import Presence
from stats.disclosure_check.proof import proved, sparse_columns
from stats.disclosure_check.records import read_records
from stats.disclosure_check.sentences import read_sentences
from stats.disclosure_check.tables import Found, read_tables
from stats.disclosure_check.workbook import read_workbooks
from stats.errors import ExitCode, ParamsError


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a set; ``beside`` names the other sets and the records that were taken together with it.

    ``hidden`` is how many hidden counts were looked at, ``facts`` how many facts readers have about counts.
    """

    leaks: tuple[Leak, ...]
    beside: tuple[str, ...]
    hidden: int
    facts: int

    @property
    def exit_code(self) -> ExitCode:
        """3 where something leaks, 2 where only something could not be read, so that the proof is not whole."""
        if any(leak.kind not in NOT_PROVED for leak in self.leaks):
            return ExitCode.RUN_FAILED
        return ExitCode.DATA_REFUSED if self.leaks else ExitCode.COMPLETE


def check(folder: Path, *, workspace: Path | None = None, reports: Path | None = None) -> Checked:
    """The set in a folder, with the records of a workspace and the other sets below ``reports``.

    ParamsError where the folder holds no set, or the full edition, in which nothing is hidden.
    """
    handed_out = read(folder)
    if handed_out.threshold == 0:
        raise ParamsError("全本（full）供县内留用，不隐去小数，无须核对", "核对会议本或公开本，用 --edition 指明版本")
    beside = [] if reports is None else list(others(reports, folder))
    return _Check(handed_out, beside, workspace).all()


class _Check:
    def __init__(self, handed_out: HandedOut, beside: Sequence[HandedOut], workspace: Path | None) -> None:
        self._set, self._workspace = handed_out, workspace
        self._beside = [each for each in beside if each.county == handed_out.county]
        self._leaks: list[Leak] = []

    def all(self) -> Checked:
        sets = [self._set, *self._beside]
        found = [self._read(each, is_own=each is self._set) for each in sets]
        said = self._said(sets, found)
        records = list(read_records(self._workspace)) if self._workspace else []
        known = together([*said, *records])
        self._leaks += [*said[0].found, *found[0].unread, *sparse_columns(self._set, said[0], self._everywhere(found))]
        self._leaks += proved(known, self._threshold(sets))
        self._leaks += texts.hashes(self._set, self._workspace)
        self._leaks += texts.findings_files(self._set)
        names = (*(each.name for each in self._beside), *(each.name for each in records))
        return Checked(in_order(self._leaks), names, len(known.hidden_counts), len(known.facts))

    def _read(self, handed_out: HandedOut, *, is_own: bool) -> Found:
        found = Found()
        pages = tuple(handed_out.pages())
        self._leaks += elsewhere(handed_out, pages) if is_own else ()
        for page in pages:
            read_tables(handed_out, page, found)
            read_sentences(handed_out, page, found)
            self._leaks += self._told(handed_out, page) if is_own else ()
        read_workbooks(handed_out, found)
        self._leaks += [leak for leak in read_csv(handed_out, found) if is_own]
        if is_own:
            self._leaks += drawings.marks(found, handed_out.year, handed_out.county)
            self._leaks += drawings.alike(found, handed_out.year, handed_out.county)
        return found

    @staticmethod
    def _told(handed_out: HandedOut, page: Page) -> Iterator[Leak]:
        yield from texts.findings_told(handed_out, page)
        yield from texts.hidden_counts_told(handed_out, page)
        yield from drawings.labels(page)

    def _said(self, sets: Sequence[HandedOut], found: Sequence[Found]) -> list[Said]:
        county, everywhere = self._set.county, self._everywhere(found)
        targets = [target for each in found for target in each.targets]
        said = []
        for handed_out, shown in zip(sets, found, strict=True):
            towns = [*(code for code in handed_out.units if code != county), *sorted(handed_out.former)]
            asked = _protected(handed_out.edition)
            reader = SetFacts(handed_out.name, handed_out.year, county, towns, everywhere, handed_out.former, asked)
            said.append(reader.read(shown.seen, targets))
        return said

    def _everywhere(self, found: Sequence[Found]) -> Presence:
        return Presence((seen for each in found for seen in each.seen), self._set.county)

    @staticmethod
    def _threshold(sets: Iterable[HandedOut]) -> int:
        """The smallest threshold of the editions that hold protected questions; this edition's if none does."""
        of = [each.threshold for each in sets if _protected(each.edition)]
        return min(of or [EDITIONS[edition].threshold for edition in ("meeting",)])


def _protected(edition: str) -> list[str]:
    """The protected questions an edition holds."""
    return [name for name in protected_variables() if EDITIONS[edition].shows_answer(variables()[name])]
