"""Writes the year's blank collection forms, one workbook per unit. Reads no file and decides no place on disk."""

from stats.forms.book import form
from stats.forms.changes import Change, changes
from stats.forms.flat import flat_form
from stats.forms.last_year import known

__all__ = ["Change", "changes", "flat_form", "form", "known"]
