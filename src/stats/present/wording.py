"""The sentences of a report, domain by domain, and its plain texts. Computes nothing, invents no reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from stats.present.sentences import explanations as explanations
from stats.present.sentences import sentences as sentences
from stats.present.sentences.subject import is_county as is_county
from stats.present.sentences.subject import is_first_return as is_first_return


@cache
def texts() -> Mapping[str, Any]:
    """The texts without branches, from ``wording.yaml``."""
    text = files("stats.present").joinpath("wording.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded
