"""The text of a delivered text file, or the refusal of the file."""

from __future__ import annotations

from stats.inputs import UnfitError, encoding
from stats.returns.finding_texts import refuse_file

RESAVE = encoding.RESAVE


def decode(data: bytes, file: str) -> tuple[str, str]:
    """The text and the name of its encoding; RefusalError naming the file and the reason where there is none."""
    try:
        return encoding.decode(data)
    except UnfitError as unfit:
        raise refuse_file(file, unfit.problem, unfit.remedy) from unfit
