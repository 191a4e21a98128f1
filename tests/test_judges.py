"""Judges that are not ours: axe-core and Nu of the pages; pdfua, outloud and Preflight of the PDFs, of every document.

axe-core and Nu lie in ``.judges`` (``npm install --prefix .judges axe-core vnu-jar``, as ``.ci/run`` does); without
them, or what they need, the tests are skipped. The documents are those of the notebooks of the demonstration county.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import lru_cache
from html import unescape
from pathlib import Path

import nbformat
import pymupdf
import pytest

from make_report import make_county_report
from publish_samples import index_of, rich_notebook
from stats import publish
from stats.present.blocks import Table
from stats.publish import Document
from stats.publish.links import Link, Links
from stats.publish.pdf import make, make_bound
from test_publish_html import browse, needs_chromium

ROOT = Path(__file__).resolve().parents[1]
KINDS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem != "workbook")
PAGES = ("rich", "index", *KINDS)
PDFS = ("rich", "volume", *KINDS)
JUDGES = ROOT / ".judges" / "node_modules"
AXE = JUDGES / "axe-core" / "axe.min.js"
NU = JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
PREFLIGHT = Path("/usr/share/java/preflight.jar")
RUN = """
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(found => {
  const told = found.violations.map(each => each.id + ": " + each.nodes.map(node => node.html).join(" "));
  const sign = each => getComputedStyle(each, "::before");
  for (const each of document.querySelectorAll(".scroll"))
    if (each.scrollWidth > each.clientWidth + 1 && (sign(each).content === "none" || sign(each).display === "none"))
      told.push("scrolls without a sign: " + each.getAttribute("aria-labelledby"));
  if (document.documentElement.scrollWidth > innerWidth) told.push("the page scrolls sideways");
  parent.postMessage([document.title, told], "*");
});
"""
# Each page in a frame as wide as the screen; what axe says of it is gathered in the page around them.
AROUND = """<!DOCTYPE html><html><body><script>
const told = [];
addEventListener("message", event => {
  told.push(event.data);
  document.documentElement.setAttribute("data-found", JSON.stringify(told));
});
</script>%s</body></html>"""
LINKS = Links(
    "index.html", Link("a.html", "附件1 统计概览"), Link("b.html", "附件3-01 沐云街道"), (Link("c.pdf", "PDF"),),
    (Link("d.html", "沐云街道"), Link("e.html", "望汀街道"), Link("f.html", "竹埭乡")),
)  # fmt: skip
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not in .judges")
needs_nu = pytest.mark.skipif(not NU.is_file() or shutil.which("java") is None, reason="vnu-jar or java is not there")


@lru_cache(maxsize=32)
def document(kind: str) -> Document:
    if kind == "rich":
        return publish.document(rich_notebook())
    return publish.document(nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", as_version=4))


@lru_cache(maxsize=32)
def page(kind: str) -> str:
    if kind == "index":
        return index_of(make_county_report())
    return publish.to_html(replace(document(kind), links=LINKS))


@needs_axe
@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_what_scrolls_sideways_says_so(tmp_path: Path, width: int, scheme: str) -> None:
    frames = ""
    for kind in PAGES:
        without_policy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page(kind))
        judged = without_policy.replace("</body>", f"<script>{AXE.read_text('utf-8')}\n{RUN}</script></body>")
        (tmp_path / f"{kind}.html").write_text(judged, "utf-8")
        frames += f'<iframe src="{kind}.html" width="{width}" height="900"></iframe>'
    chosen = f"--blink-settings=preferredColorScheme={int(scheme == 'light')}"
    dom = browse(tmp_path, AROUND % frames, "--dump-dom", chosen, "--virtual-time-budget=600000")
    found = re.search(r'<html[^>]* data-found="([^"]*)"', dom)
    assert found is not None, "axe did not run to its end"
    told = json.loads(unescape(found[1]))
    assert len(told) == len(PAGES)
    assert [each for each in told if each[1]] == []


@needs_chromium
def test_a_wide_table_is_printed_on_a_turned_sheet_and_nothing_is_cut_off(tmp_path: Path) -> None:
    printed = tmp_path / "printed.pdf"
    browse(tmp_path, page("county"), f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    sheets = list(pymupdf.open(printed))
    turned = [sheet for sheet in sheets if sheet.rect.width > sheet.rect.height]
    assert len(turned) == sum(isinstance(block, Table) and block.landscape for block in document("county").blocks)
    for sheet in sheets:
        assert max(word[2] for word in sheet.get_text("words")) < sheet.rect.width - 60


@needs_nu
def test_nu_finds_nothing(tmp_path: Path) -> None:
    for kind in PAGES:
        (tmp_path / f"{kind}.html").write_text(page(kind), encoding="utf-8")
    command = ["java", "-Xss8m", "-jar", str(NU), "--format", "json", *map(str, tmp_path.glob("*.html"))]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=240)
    assert [(each["url"], each["message"]) for each in json.loads(ended.stderr)["messages"]] == []


@lru_cache(maxsize=32)
def pdf(kind: str) -> bytes:
    return make_bound([document(each) for each in KINDS], "合订本") if kind == "volume" else make(document(kind))


# What outloud says of every table of many groups, of words for numbers and of Chinese: docs/decisions/0041.
EXPLAINED = {"TBL-010", "FIG-012", "ORD-001", "HDG-010"}


@pytest.mark.parametrize("kind", PDFS)
def test_pdfua_and_outloud_find_nothing_that_is_not_explained(tmp_path: Path, kind: str) -> None:
    pdfua, outloud = pytest.importorskip("pdfua"), pytest.importorskip("outloud")
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf(kind))
    assert list(pdfua.validate(str(path)).findings) == []
    found = outloud.check(str(path))
    assert found.error is None
    assert [each.message for each in found.findings if each.rule not in EXPLAINED] == []


# Limits of PDF/A-1b, the only part Preflight knows, and of the tool: docs/decisions/0041.
LIMITS = {
    "Invalid graphics object, Invalid version of the ICCProfile",
    "Error on MetaData, Cannot find a definition for the namespace http://www.aiim.org/pdfua/ns/id/",
    "Body Syntax error, Error: can't convert to Destination COSObject",
}


@pytest.mark.skipif(not PREFLIGHT.is_file() or shutil.which("java") is None, reason="PDFBox Preflight is not there")
def test_preflight_finds_nothing_but_limits_of_pdf_a_1b(tmp_path: Path) -> None:
    for kind in ("town", "volume"):
        (tmp_path / f"{kind}.pdf").write_bytes(pdf(kind))
    judge = "org.apache.pdfbox.preflight.Validator_A1b"
    command = ["java", "-cp", f"{PREFLIGHT.parent}/*", "-Dfile.encoding=UTF-8", judge, "batch", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, check=False, timeout=240).stdout.decode("utf-8", "replace")
    assert told.count("is not a valid PDF/A-1b file") == 2
    found = re.findall(r"^[\d.]+ : (.*?)(?: on page \d+|\{\d+, \d+\})?$", told, re.MULTILINE)
    assert set(found) - LIMITS == set()
