"""What an edition may repeat of the text of an answer. Reads no file and judges no answer."""

from __future__ import annotations

import re

from stats.catalogue.variables import Variable
from stats.disclosure.editions import EDITIONS, is_small_cell
from stats.params import Edition
from stats.texts.privacy import shown

_NUMBERS = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")


def shown_text(raw: str, variable: Variable, edition: Edition) -> str | None:
    """The text as written, or None where the edition may not repeat it.

    An edition that hides small counts repeats no text of a question with small counts, and none with a second
    number in it, since that may be a remark about a few persons. The open edition repeats none at all.

    >>> from stats.catalogue.variables import variables
    >>> shown_text("80余人次", variables()["edu_person_times"], "meeting")
    '80余人次'
    >>> shown_text("80余，其中2人", variables()["edu_person_times"], "meeting") is None
    True
    """
    rules = EDITIONS[edition]
    if rules.open_only:
        return None
    if rules.threshold and (is_small_cell(variable) or len(_NUMBERS.findall(raw)) > 1):
        return None
    return shown(raw.strip())
