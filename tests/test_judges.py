"""Judges of pages that are no Python: axe-core for those who cannot see or use a mouse, Nu for the language of pages.

They lie in ``.judges`` (``npm install --prefix .judges axe-core vnu-jar``, as ``.ci/run`` does); without them, or what
they need, the tests are skipped.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from make_report import make_county_report
from publish_samples import index_of, rich_notebook
from stats import publish
from test_publish_html import browse, needs_chromium

JUDGES = Path(__file__).resolve().parents[1] / ".judges" / "node_modules"
AXE = JUDGES / "axe-core" / "axe.min.js"
NU = JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
RUN = """
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(found => {
  const told = found.violations.map(each => each.id + ": " + each.nodes.map(node => node.html).join(" "));
  document.documentElement.setAttribute("data-found", JSON.stringify(told));
});
"""
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not in .judges")
needs_nu = pytest.mark.skipif(not NU.is_file() or shutil.which("java") is None, reason="vnu-jar or java is not there")


def page(kind: str) -> str:
    return publish.to_html(publish.document(rich_notebook())) if kind == "document" else index_of(make_county_report())


@needs_axe
@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["document", "index"])
def test_axe_finds_nothing(tmp_path: Path, kind: str, width: int, scheme: str) -> None:
    without_policy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page(kind))
    judged = without_policy.replace("</body>", f"<script>{AXE.read_text('utf-8')}\n{RUN}</script></body>")
    chosen = f"--blink-settings=preferredColorScheme={int(scheme == 'light')}"
    dom = browse(tmp_path, judged, "--dump-dom", f"--window-size={width},900", chosen, "--virtual-time-budget=60000")
    found = re.search(r'<html[^>]* data-found="([^"]*)"', dom)
    assert found is not None, "axe did not run to its end"
    assert json.loads(unescape(found[1])) == []


@needs_nu
@pytest.mark.parametrize("kind", ["document", "index"])
def test_nu_finds_nothing(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(kind), encoding="utf-8")
    command = ["java", "-Xss8m", "-jar", str(NU), "--format", "json", str(path)]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert [each["message"] for each in json.loads(ended.stderr)["messages"]] == []
