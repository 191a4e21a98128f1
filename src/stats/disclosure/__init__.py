"""The one door: the figures and answers an edition may show. Nothing downstream sees more."""

from stats.disclosure.editions import EDITIONS, EditionRules
from stats.disclosure.key import county_key
from stats.disclosure.released import Released, recorded, release
from stats.disclosure.suppression import Hidden
from stats.disclosure.texts import amendments, shown_text

__all__ = [
    "EDITIONS",
    "EditionRules",
    "Hidden",
    "Released",
    "amendments",
    "county_key",
    "recorded",
    "release",
    "shown_text",
]
