"""The documents of the demonstration county keep to their pages, and no heading lies alone at the foot of one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))  # where documents are measured

import pages


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    pages.demonstration(folder)
    return folder


@pytest.mark.parametrize(
    ("key", "unit"),
    [("county", ""), ("quality", ""), ("town", "990118001000"), ("town", "990118105000"), ("town", "990118102000")],
)
def test_a_document_keeps_to_its_pages(workspace: Path, key: str, unit: str) -> None:
    made = pages.measured(key, pages.document(key, workspace, unit))
    assert made.pages <= pages.BUDGETS[key]
    assert made.alone == 0
    assert made.blank < 0.5
    assert made.wordy == ()
