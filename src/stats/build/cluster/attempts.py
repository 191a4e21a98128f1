"""Which units wait, run, were lost or are done, over all attempts at them; knows no cluster and starts nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from stats.build.documents.job import Job, Outcome
from stats.build.processes.handover import discard, failed

MOST_LOSSES = 3


@dataclass(slots=True)
class Tally:
    """What a run on a cluster had to put up with."""

    lost: int = 0
    repeated: int = 0
    duplicates: int = 0
    different: int = 0
    refused: int = 0


@dataclass(slots=True, eq=False)
class JobState:
    """One job with the attempts that may still deliver, and the first good outcome if there is one."""

    job: Job
    live: set[str] = field(default_factory=set)
    losses: int = 0
    outcome: Outcome | None = None
    digests: dict[str, str] = field(default_factory=dict)
    is_over: bool = False


class Attempts:
    """The units of a run. One whose worker was lost is a suspect: it waits for the end, and then runs alone.

    So a unit that takes its worker down with it is not tried again beside others, and after MOST_LOSSES lost workers
    it is given up (C-POISON). While an earlier attempt may still deliver, the outcome of a later one is held: should
    both come, and differ, neither is published (C-DIFFERS).
    """

    def __init__(self, jobs: Iterable[Job], tally: Tally) -> None:
        self.tally = tally
        self._jobs = iter(jobs)
        self._has_more = True
        self._suspects: deque[JobState] = deque()
        self._live: dict[str, JobState] = {}
        self._held: list[JobState] = []
        self._settled: deque[Outcome] = deque()

    @property
    def is_done(self) -> bool:
        """Whether every unit has been settled."""
        return not (self._has_more or self._suspects or self._live or self._held or self._settled)

    @property
    def only_held(self) -> bool:
        """Whether every unit has an outcome, and some wait only for an attempt that may still deliver."""
        has_work = self._has_more or self._suspects or any(unit.outcome is None for unit in self._live.values())
        return bool(self._held) and not has_work

    def next_unit(self) -> JobState | None:
        """The next unit that never ran, if there is one."""
        job = next(self._jobs, None) if self._has_more else None
        self._has_more = job is not None
        return JobState(job) if job is not None else None

    def next_suspect(self) -> JobState | None:
        """The next unit to run alone; only when no other one is left to start."""
        return self._suspects.popleft() if self._suspects and not self._has_more else None

    def begin(self, unit: JobState, attempt: str) -> None:
        """An attempt at the unit has been sent out."""
        self.tally.repeated += unit.losses > 0
        unit.live.add(attempt)
        self._live[attempt] = unit

    def finished(self, attempt: str, outcome: Outcome, digests: dict[str, str]) -> None:
        """An attempt has delivered, the first one of its unit or a late duplicate."""
        unit = self._live.pop(attempt, None)
        if unit is None:  # nobody waited for it any more
            discard(outcome)
            return
        unit.live.discard(attempt)
        if unit.outcome is None:
            unit.outcome, unit.digests = outcome, digests
            self._hold(unit)
        else:
            self._compare(unit, outcome, digests)
        self._settle(unit)

    def silent(self, attempt: str) -> None:
        """The worker of an attempt does not answer, but may yet come back: the unit is tried elsewhere."""
        unit = self._live.get(attempt)
        if unit is not None:
            self._lose(unit)

    def lost(self, attempt: str, *, was_silent: bool) -> None:
        """The worker of an attempt is gone, and with it whatever it had made."""
        unit = self._live.pop(attempt, None)
        if unit is None:
            return
        unit.live.discard(attempt)
        if not was_silent:
            self._lose(unit)
        self._settle(unit)

    def release_held(self) -> None:
        """Wait no longer for attempts that may still deliver."""
        for unit in list(self._held):
            for attempt in unit.live:
                del self._live[attempt]
            unit.live.clear()
            self._settle(unit)

    def settled(self) -> Iterator[Outcome]:
        """The outcomes that are final, each once."""
        while self._settled:
            yield self._settled.popleft()

    def _lose(self, unit: JobState) -> None:
        if unit.outcome is not None or unit.is_over:
            return
        unit.losses += 1
        if unit.losses < MOST_LOSSES:
            self._suspects.append(unit)
            return
        unit.outcome = failed(
            unit.job,
            "C-POISON",
            f"生成该单位时先后有 {unit.losses} 个工作进程退出，不再重试",
            "请在本机单独重做该单位（stats build --unit 代码），查看出错原因",
        )
        for attempt in unit.live:
            self._live.pop(attempt)
        unit.live.clear()
        self._settle(unit)

    def _compare(self, unit: JobState, late: Outcome, digests: dict[str, str]) -> None:
        """A second outcome of the same unit: a success counts for more than a failure; two must be the same bytes."""
        first = unit.outcome
        if first is None:
            raise RuntimeError("there is nothing to compare a late outcome with")
        self.tally.duplicates += 1
        if first.failure is not None and first.failure.code != "C-DIFFERS" and late.failure is None:
            unit.outcome, unit.digests = late, digests
            return
        discard(late)
        if first.failure is None and late.failure is None and unit.digests != digests:
            self.tally.different += 1
            discard(first)
            unit.outcome = failed(
                unit.job,
                "C-DIFFERS",
                "同一单位先后生成两次，内容不同，均未采用",
                "请在本机重做该单位，并核对各工作进程所在机器的时间、字体和数据；仍不同，请报告给维护人员",
            )

    def _hold(self, unit: JobState) -> None:
        """The unit has an outcome and is not tried again."""
        if unit in self._suspects:
            self._suspects.remove(unit)
        if unit.live:
            self._held.append(unit)

    def _settle(self, unit: JobState) -> None:
        """Hand the outcome over once no attempt can change it any more."""
        if unit.outcome is None or unit.live or unit.is_over:
            return
        unit.is_over = True
        if unit in self._held:
            self._held.remove(unit)
        self._settled.append(unit.outcome)
