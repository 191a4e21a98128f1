"""How the cells of a form look, and which of them may be typed into. Writes nothing."""

from __future__ import annotations

from typing import Any

FONT = "宋体"
_EDGE = "#8C8C8C"
_LOCKED = "#EDEDED"
_CLOSED = "#C8C8C8"
_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
_BOX: dict[str, Any] = {**_BASE, "border": 1, "border_color": _EDGE, "text_wrap": True}
# Answers are text cells: a spreadsheet would turn 1-2 into a date, 50% into 0.5 and 0012 into 12.
_TYPED: dict[str, Any] = {**_BOX, "locked": False, "num_format": "@"}

LOOKS: dict[str, dict[str, Any]] = {
    "title": {**_BASE, "font_size": 16, "bold": True},
    "mark": {**_BASE, "font_color": "#C00000", "bold": True},
    "hint": {**_BASE, "font_color": "#404040"},
    "label": {**_BASE, "align": "right", "font_color": "#404040"},
    "identity": {**_BASE, "num_format": "@", "bold": True},
    "count": {**_BASE, "bold": True, "font_color": "#C00000"},
    "head": {**_BOX, "bold": True, "align": "center", "bg_color": "#D9E2EC"},
    "domain": {**_BASE, "bold": True, "bg_color": "#F3F6F9", "top": 1, "bottom": 1, "border_color": _EDGE},
    "variable": {**_BOX, "font_size": 7, "font_color": "#7F7F7F", "bg_color": _LOCKED, "text_wrap": False},
    "question": _BOX,
    "unit": {**_BOX, "align": "center"},
    "number": {**_TYPED, "align": "right"},
    "choice": {**_TYPED, "align": "center"},
    "closed": {**_BOX, "bg_color": _CLOSED},
    "last_year": {**_BOX, "num_format": "@", "align": "right", "font_color": "#7F7F7F", "bg_color": _LOCKED},
    "check": {**_BOX, "font_size": 9, "font_color": "#C00000"},
    "signatures": {**_BASE, "font_size": 11},
    "remark": {**_TYPED, "font_size": 9},
    "guide_title": {**_BASE, "font_size": 14, "bold": True},
    "guide": {**_BASE, "font_size": 11, "text_wrap": True},
}

# Over the look of a cell while the check column of its row says something.
ERROR = {"bg_color": "#F8CBAD"}
WARNING = {"bg_color": "#FFE699"}
