"""Numbers in hand-made files: one plain way of writing each, and no other. Rounds nothing."""

from __future__ import annotations

import re
from decimal import Decimal

from stats.texts.privacy import quoted

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,6})?", re.ASCII)


def decimal(text: str) -> Decimal:
    """The number that is written; ValueError for any other way of writing, and for one too long to be a figure.

    >>> decimal("62.50"), [wrong for wrong in ("1e3", "1_0", "+1", "１", "007", "1,000", "nan", "") if _is_wrong(wrong)]
    (Decimal('62.50'), ['1e3', '1_0', '+1', '１', '007', '1,000', 'nan', ''])
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"“{quoted(text)}”不是普通写法的数（如 90 或 2.5）")
    return Decimal(text)


def _is_wrong(text: str) -> bool:
    try:
        decimal(text)
    except ValueError:
        return True
    return False
