"""What each edition may show, declared. Hides nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stats.catalogue.indicator import Indicator
from stats.catalogue.variables import Variable, variables


@dataclass(frozen=True, slots=True)
class EditionRules:
    """One edition: counts from 1 to ``threshold - 1`` are hidden, and whether only open matters are shown."""

    label: str
    threshold: int
    open_only: bool

    def shows_indicator(self, indicator: Indicator, *, of_county: bool) -> bool:
        """Whether the edition holds this indicator at all, for a unit or for the whole county.

        The public edition shows what is published openly, and of conscription and of the persons of the
        town departments nothing below the county.
        """
        if not self.open_only:
            return True
        return indicator.publish == "open" and (of_county or not _about_persons(indicator))

    def shows_answer(self, variable: Variable) -> bool:
        """Whether the edition holds this answer at all."""
        return not self.open_only or variable.sensitivity == "open"

    def shows_answers(self, names: Iterable[str]) -> bool:
        """Whether the edition holds every one of these questions; what is none is passed over."""
        asked = variables()
        return all(self.shows_answer(asked[name]) for name in names if name in asked)


def _about_persons(indicator: Indicator) -> bool:
    if indicator.domain == "REC":
        return True
    declared = variables()
    return indicator.domain == "BLD" and any(is_small_cell(declared[name]) for name in indicator.variables)


def is_small_cell(variable: Variable) -> bool:
    """Whether small numbers in this answer could point at persons."""
    return variable.sensitivity == "small_cell"


EDITIONS: Mapping[str, EditionRules] = {
    "full": EditionRules("全本（县内工作用）", threshold=0, open_only=False),
    "meeting": EditionRules("会议本", threshold=3, open_only=False),
    "public": EditionRules("公开本", threshold=5, open_only=True),
}
