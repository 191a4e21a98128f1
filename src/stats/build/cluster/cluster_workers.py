"""The workers of a cluster in use by a run: who joined, who fits, who is silent, who is gone. Hands out no unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stats.build.cluster.fingerprint import EnvironmentFingerprint, differences
from stats.build.cluster.scheduler import Seen

# Heartbeats come every few seconds; a worker unheard of for so long may be suspended or cut off.
SILENT_SECONDS = 30.0


@dataclass(slots=True, eq=False)
class WorkerRecord:
    """One worker: unchecked (no ``identity`` yet), fit, or refused with what differs; and what it is doing."""

    address: str
    threads: int
    heard: float
    heard_at: float
    identity: str = ""
    refusal: tuple[str, ...] = ()
    running: set[str] = field(default_factory=set)
    is_silent: bool = False
    is_alone: bool = False

    @property
    def is_fit(self) -> bool:
        return bool(self.identity) and not self.refusal

    @property
    def has_room(self) -> bool:
        return self.is_fit and not self.is_silent and not self.is_alone and len(self.running) < self.threads

    @property
    def is_idle(self) -> bool:
        return self.has_room and not self.running


class Crew:
    """The members by address, kept up to date by what the scheduler says from time to time."""

    def __init__(self) -> None:
        self._members: dict[str, WorkerRecord] = {}

    def __iter__(self) -> Iterator[WorkerRecord]:
        return iter(list(self._members.values()))

    def __getitem__(self, address: str) -> WorkerRecord:
        return self._members[address]

    def __contains__(self, address: object) -> bool:
        return address in self._members

    def update(self, seen: Mapping[str, Seen], now: float) -> list[WorkerRecord]:
        """Take in who is there at ``now`` (monotonic clock); the members that have just joined, not yet checked."""
        for address, worker in seen.items():
            member = self._members.get(address)
            if member is not None and worker.heard != member.heard:
                member.heard, member.heard_at, member.is_silent = worker.heard, now, False
        joined = [
            WorkerRecord(address, worker.threads, worker.heard, now)
            for address, worker in seen.items()
            if address not in self._members
        ]
        self._members.update({member.address: member for member in joined})
        return joined

    def gone(self, seen: Mapping[str, Seen]) -> list[WorkerRecord]:
        """The members that are not there any more; they are members no longer."""
        return [self._members.pop(address) for address in list(self._members) if address not in seen]

    def fallen_silent(self, now: float) -> list[WorkerRecord]:
        """The members that have just been without a sign of life for too long."""
        silent = [each for each in self if not each.is_silent and now - each.heard_at > SILENT_SECONDS]
        for member in silent:
            member.is_silent = True
        return silent

    def forget(self, member: WorkerRecord) -> None:
        """Another worker is at this member's address now: it joins, and is checked, anew."""
        self._members.pop(member.address, None)

    @property
    def fit(self) -> list[WorkerRecord]:
        return [member for member in self if member.is_fit and not member.is_silent]

    @property
    def refused(self) -> list[WorkerRecord]:
        return [member for member in self if member.refusal]

    @property
    def has_unchecked(self) -> bool:
        return any(not (member.identity or member.refusal or member.is_silent) for member in self)


def refusal(
    expected: EnvironmentFingerprint, introduced: Mapping[str, object] | None, *, error: str = ""
) -> tuple[str, ...]:
    """In Chinese, why a worker that introduced itself so, or could not (``error``), is not used; empty if it is fit."""
    looks, ports = (introduced["looks"], introduced["ports"]) if introduced else (None, None)
    if not isinstance(looks, dict) or not isinstance(ports, list):
        return (f"没有安装本程序，或版本相差太大（{error}）",)
    opened = "、".join(map(str, ports))
    return (*((f"未加密而对外开放端口 {opened}",) if opened else ()), *differences(expected, looks))
