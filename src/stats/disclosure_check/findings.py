"""What may be found in a set's files: kinds, and one finding with its place and what follows. Looks for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "small",
    "pinned",
    "sparse",
    "precision",
    "drawn",
    "told",
    "hidden_count",
    "hash",
    "findings_file",
    "units",
    "unread",
    "elsewhere",
    "damaged",
]

KIND_LABELS: dict[Kind, str] = {
    "small": "可推出小数",
    "pinned": "可推出原数",
    "sparse": "稀疏列没有全部隐去",
    "precision": "位数多于印出的位数",
    "drawn": "图上有未印出的数的位置",
    "told": "问题落到单位和核对内容",
    "hidden_count": "写出本版范围以外的隐去数",
    "hash": "含报表或参数的校验值",
    "findings_file": "外发文件夹内或上一级有问题清单",
    "units": "全县数的单位对不上",
    "unread": "读不懂，不能核对",
    "elsewhere": "与网页不一致",
    "damaged": "文件读不出",
}

NOT_PROVED: frozenset[Kind] = frozenset({"unread", "units", "elsewhere", "damaged"})
"""Findings by which nothing is known to have leaked: something could not be read, so that the proof is not whole."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One finding: where it stands, and what follows from it in words for an analyst."""

    kind: Kind
    file: str
    place: str
    follows: str


def in_order(found: Iterable[Leak]) -> tuple[Leak, ...]:
    """Each finding once, the gravest kinds first, then by file and place."""
    order = list(KIND_LABELS)
    return tuple(sorted(set(found), key=lambda leak: (order.index(leak.kind), leak.file, leak.place, leak.follows)))
