"""The one door: the figures and answers an edition may show. Nothing downstream sees more."""

from stats.disclosure.amendments import amendments
from stats.disclosure.editions import EDITIONS, EditionRules
from stats.disclosure.hiding import Hidden, hide
from stats.disclosure.released import Released, release
from stats.disclosure.texts import shown_text

__all__ = ["EDITIONS", "EditionRules", "Hidden", "Released", "amendments", "hide", "release", "shown_text"]
