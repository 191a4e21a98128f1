"""The sentences of a report, domain by domain, and its plain texts. Computes nothing, invents no reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from stats.catalogue.indicator import Indicator
from stats.figures import Figure
from stats.present.sentences import sentences as sentences
from stats.present.sentences import targets
from stats.present.sentences.subject import is_county as is_county
from stats.present.sentences.subject import is_first_return as is_first_return


@cache
def texts() -> Mapping[str, Any]:
    """The texts without branches, from ``wording.yaml``."""
    text = files("stats.present").joinpath("wording.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def state(figure: Figure, indicator: Indicator) -> str:
    """met, unmet, na, hidden or unknown: by the year's target or, where none is set, by whether all is done."""
    found = targets.state(figure)
    return {"not_applicable": "na", "none": "unknown"}.get(found, found)
