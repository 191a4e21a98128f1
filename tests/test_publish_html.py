"""The published page: nothing live, nothing from outside, readable and reproducible."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from fontTools.ttLib import TTFont

from publish_samples import COVER, bar_chart, chart, notebook, rich_notebook, table
from stats import publish
from stats.errors import PublishError
from stats.present.blocks import Block, Column, Cover, Heading, Note, Paragraph
from stats.publish import Document
from stats.publish.characters import texts
from stats.publish.exporters import AppendixHTMLExporter
from stats.publish.html import CONTENT_SECURITY_POLICY, TEMPLATES
from stats.publish.links import NO_LINKS, Link, Links
from stats.publish.svg import drawing

ROOT = Path(__file__).resolve().parents[1]
VOID = {"meta", "link", "br", "img", "input", "hr", "base"}
HTML_ELEMENTS = """html head meta title style body a div p span header h1 h2 h3 h4 dl dt dd nav ol li main
    table caption thead tbody tr th td figure figcaption"""
SVG_ELEMENTS = "svg title desc g path use defs text tspan clippath rect pattern"
LIVE_ATTRIBUTES = {"src", "srcdoc", "action", "formaction"}
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style><svg onload=alert(1)>", "javascript:alert(1)",
    "**x**", "{{7*7}}", "{% raw %}", "#import \"a\"", "#sys.inputs", "\\input{/etc/passwd}", "$x$", "&lt;b&gt;",
    "\"' onclick=x", "]]>", "<!--", "=1+1", "*x* _y_ `z`", "@label", "// x", "/* x */",
]  # fmt: skip


class Page(HTMLParser):
    """All elements with their attributes, and all text, of a page; fails on a tag that is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.pieces.append(data)

    def text(self) -> str:
        return "\n".join(self.pieces)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@lru_cache(maxsize=1)
def rich_html() -> str:
    return publish.to_html(publish.document(rich_notebook()))


def hostile_html() -> str:
    rows = [(text, text) for text in HOSTILE]
    cover = Cover(HOSTILE[0], HOSTILE[1], tuple((text, text) for text in HOSTILE), HOSTILE[2], HOSTILE[0], year=2021)
    picture = bar_chart(tuple(HOSTILE[:5]), HOSTILE[1])
    parts = [Heading(HOSTILE[0]), *map(Paragraph, HOSTILE), *map(Note, HOSTILE)]
    parts += [
        table(rows, title=HOSTILE[2], number=HOSTILE[0], unit=HOSTILE[1], notes=tuple(HOSTILE), source=HOSTILE[0],
              columns=(Column(HOSTILE[0]), Column(HOSTILE[1]))),
        chart(svg=picture, title=HOSTILE[1], alt=HOSTILE[2], notes=(HOSTILE[0],), source=HOSTILE[2]),
    ]  # fmt: skip
    return publish.to_html(publish.document(notebook(*parts, cover=cover)))


@lru_cache(maxsize=1)
def hostile_page() -> Page:
    return Page(hostile_html())


def fonts_inside(html: str) -> Iterator[TTFont]:
    for encoded in re.findall(r"data:font/(?:woff2|sfnt);base64,([A-Za-z0-9+/=]+)", html):
        yield TTFont(BytesIO(base64.b64decode(encoded)))


@pytest.mark.parametrize("page", ["rich", "hostile"])
def test_page_has_only_listed_elements_and_no_live_attribute(page: str) -> None:
    parsed = Page(rich_html()) if page == "rich" else hostile_page()
    assert {tag for tag, _ in parsed.elements} <= {*HTML_ELEMENTS.split(), *SVG_ELEMENTS.split()}
    for _, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name in LIVE_ATTRIBUTES]
        assert (attributes.get("href") or "#").startswith("#")


def test_page_names_no_address() -> None:
    without_fonts = re.sub(r"data:font/(woff2|sfnt);base64,[A-Za-z0-9+/=]+", "", rich_html())
    assert not re.search(r"https?:|//[\w.]+/|@import|url\((?!#|data:|\))", without_fonts.replace("url()", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_text(text: str) -> None:
    assert hostile_page().text().count(text) >= 4


def test_policy_forbids_everything_but_the_page_itself() -> None:
    metas = Page(rich_html()).all("meta")
    policy = {meta.get("http-equiv"): meta.get("content") for meta in metas}["Content-Security-Policy"]
    assert policy == CONTENT_SECURITY_POLICY
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"


def test_page_has_language_landmarks_and_one_top_heading() -> None:
    page = Page(rich_html())
    assert page.all("html") == [{"lang": "zh-CN"}]
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "h1")] == [1, 2, 1, 1]
    assert [tag for tag, _ in page.elements if re.fullmatch(r"h\d", tag)] == ["h1", "h2", "h2", "h2", "h3", "h4", "h2"]


def test_links_of_the_contents_lead_to_headings() -> None:
    page = Page(rich_html())
    anchors = {attributes.get("id") for _, attributes in page.elements}
    links = [str(link["href"])[1:] for link in page.all("a")]
    assert len(links) == 7  # with the one back to them
    assert set(links) <= anchors


def page_of(*blocks: Block, links: Links = NO_LINKS) -> Page:
    return Page(publish.to_html(Document(COVER, blocks, links=links)))


def test_a_page_leads_to_the_list_its_neighbours_other_formats_and_the_towns_of_its_tables() -> None:
    links = Links(
        "index.html",
        Link("a.html", "附件2"),
        Link("b.html", "附件4"),
        (Link("c.pdf", "PDF"),),
        (Link("d.html", "清溪镇"),),
    )
    page = page_of(table([("清溪镇（未上报）", ""), ("云台镇", "5")]), links=links)
    found = [str(link["href"]) for link in page.all("a")]
    ways = ["index.html", "a.html", "b.html", "c.pdf"]
    assert found == ["#text", *ways, "d.html", *ways]
    assert "上一份：附件2" in page.text()


def test_two_units_of_one_name_have_no_link() -> None:
    links = Links(units=(Link("d.html", "清溪镇"), Link("e.html", "清溪镇")))
    assert [link["href"] for link in page_of(table([("清溪镇", "5")]), links=links).all("a")] == ["#text"]


def test_a_page_by_itself_leads_nowhere_else() -> None:
    assert all(str(link["href"]).startswith("#") for link in Page(rich_html()).all("a"))


HEADS = tuple(Column(head) for head in ("项目", "单位", "本年", "上年"))


def test_a_table_with_its_columns_twice_stands_in_one_column() -> None:
    rows = [("甲", "次", "1", "2", "丙", "次", "5", "6"), ("乙", "次", "3", "4", "", "", "", "")]
    page = page_of(table(rows, columns=(*HEADS, *HEADS)))
    heads = [cell for cell in page.all("th") if cell.get("scope") == "row"]
    assert len(heads) == 3
    assert [cell["data-head"] for cell in page.all("td")] == ["单位", "本年", "上年"] * 3


@pytest.mark.parametrize(
    ("columns", "landscape", "fold"),
    [(2, False, ""), (8, False, "cards"), (8, True, "sideways"), (20, False, "sideways far")],
)
def test_a_table_too_wide_for_a_telephone_falls_into_cards_or_says_that_it_scrolls(
    columns: int, landscape: bool, fold: str
) -> None:
    rows = [("清溪镇", *["12.34"] * columns)]
    made = table(rows, columns=tuple(Column("指标") for _ in range(columns + 1)))
    page = page_of(replace(made, landscape=landscape, number=""))
    classes = next(str(each["class"]) for each in page.all("div") if str(each.get("class")).startswith("table"))
    assert classes.partition(" short")[2].strip() == fold


def test_a_group_heads_its_own_rows() -> None:
    made = replace(table([("甲", ""), ("一", "1"), ("乙", ""), ("二", "2")]), groups=(0, 2), strong=())
    page = page_of(made)
    assert len(page.all("tbody")) == 2
    assert [cell["scope"] for cell in page.all("th")] == ["col", "col", "rowgroup", "row", "rowgroup", "row"]


def test_every_colour_has_one_for_dark_screens_but_the_paper_below_charts() -> None:
    style = (TEMPLATES / "appendix.css").read_text("utf-8")
    light, dark = (set(re.findall(r"(--[a-z]+):", rules)) for rules in re.findall(r":root \{(.*?)\}", style, re.DOTALL))
    assert light == dark
    outside = re.sub(r":root \{.*?\}", "", style, flags=re.DOTALL)
    assert re.findall(r"(?<=: )#[0-9a-f]{3,6}", outside) == ["#fff", "#111"]


def test_links_and_signs_of_the_screen_are_not_printed_and_a_row_keeps_its_heading() -> None:
    printed = (TEMPLATES / "appendix.css").read_text("utf-8").partition("@media print")[2]
    assert ".skip, .contents, .set, .back { display: none; }" in printed
    assert "tr.group { break-after: avoid; }" in printed
    assert "counter(page)" in printed


def test_ids_are_unique_though_two_charts_use_the_same_ones() -> None:
    html = publish.to_html(publish.document(notebook(chart(), chart(number="图2"))))
    ids = [attributes["id"] for _, attributes in Page(html).elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'(?:href="#|url\(#)([\w.-]+)', html))
    assert targets <= set(ids)


def test_tables_have_captions_and_scoped_heads() -> None:
    page = Page(rich_html())
    assert len(page.all("caption")) == len(page.all("table")) == 2
    scopes = [cell.get("scope") for cell in page.all("th")]
    assert (scopes.count("col"), scopes.count("row")) == (9 + 15, 6 + 18)


def test_chart_is_an_image_with_name_and_description() -> None:
    page = Page(rich_html())
    (svg,) = page.all("svg")
    assert svg["role"] == "img"
    ids = {attributes.get("id"): tag for tag, attributes in page.elements}
    assert [ids[name] for name in str(svg["aria-labelledby"]).split()] == ["title", "desc"]
    assert "柱形图：2017年至2021年大学生占比由52%升至71%。" in page.text()


def test_marking_and_banner_stand_on_the_page() -> None:
    text = Page(rich_html()).text()
    assert "内部" in text
    assert text.count("演示数据（虚构）") == 2  # in the title of the window and at the top


def test_fonts_inside_cover_every_character_shown() -> None:
    covered = {point for font in fonts_inside(rich_html()) for point in font.getBestCmap()}
    shown = {ord(character) for character in Page(rich_html()).text() if not character.isspace()}
    assert shown <= covered
    assert {ord(c) for text in texts(publish.document(rich_notebook())) for c in text.text} - {10} <= covered


def test_fonts_inside_do_not_use_reserved_names() -> None:
    names = {str(record) for font in fonts_inside(rich_html()) for record in font["name"].names}
    assert names
    assert not [name for name in names if "LXGW" in name or "霞鹜" in name]


def test_page_is_small_enough_to_send_by_mail() -> None:
    assert len(rich_html().encode()) < 600_000


@pytest.mark.parametrize("exporter", ["appendix_html", "appendix_pdf"])
def test_bytes_do_not_depend_on_folder_time_zone_or_locale(exporter: str, tmp_path: Path) -> None:
    """Two fresh processes in different surroundings make the same file."""
    kinds = {"appendix_html": "AppendixHTMLExporter", "appendix_pdf": "AppendixPDFExporter"}
    program = (
        "import sys, nbformat; from stats.publish import exporters;"
        f"body = exporters.{kinds[exporter]}().from_filename(sys.argv[1])[0];"
        "open('out', 'wb').write(body.encode() if isinstance(body, str) else body)"
    )
    results = []
    for name, zone, locale in (("甲", "Asia/Shanghai", "zh_CN.UTF-8"), ("b c", "America/New_York", "C")):
        folder = tmp_path / name
        folder.mkdir()
        nbformat.write(rich_notebook(), folder / "镇.ipynb")
        surroundings = {"TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": str(len(name))}
        command = [sys.executable, "-c", program, "镇.ipynb"]
        subprocess.run(command, cwd=folder, env=os.environ | surroundings | {"PYTHONUTF8": "1"}, check=True)
        results.append((folder / "out").read_bytes())
    assert results[0] == results[1]
    assert not re.search(rb"/home/|/root/|/tmp/|site-packages", results[0])


def test_exporter_gives_the_page_and_the_suffix() -> None:
    exporter = AppendixHTMLExporter()
    body, resources = exporter.from_notebook_node(rich_notebook(), {"metadata": {"name": "附件3"}})
    assert body == rich_html()
    assert resources["output_extension"] == ".html"


# Charts


def test_sanitised_chart_keeps_its_marks_and_labels() -> None:
    svg = bar_chart(("甲", "乙", "丙", "丁", "戊"), "人")
    markup = drawing(svg, "图").markup
    assert markup.count("<use ") == svg.count("<use ")
    assert markup.count("<path ") == svg.count("<path ")
    assert markup.count("<text ") == svg.count("<text ")
    assert "metadata" not in markup


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>", '<g onload="alert(1)"/>', "<foreignObject/>", '<a href="#x"><text>甲</text></a>',
        '<use href="http://x/y#z"/>', '<use href="data:text/html,x"/>', '<path style="fill: url(http://x/y)"/>',
        '<path fill="url(//x/y)"/>', '<image href="file:///etc/passwd"/>', '<animate attributeName="x"/>',
        '<path style="behavior: url(x)"/>', '<path d="\\75rl(x)"/>', '<g id="x" tabindex="0"/>', '<set/>', "<iframe/>",
    ],
)  # fmt: skip
def test_live_or_foreign_content_of_a_chart_is_refused(inside: str) -> None:
    with pytest.raises(PublishError, match="图“趋势”不能发布"):
        drawing(f'<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt">{inside}</svg>', "趋势")


@pytest.mark.parametrize(
    "svg",
    ["<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg width="1pt" height="1pt">&a;</svg>', "<html/>", "<svg/>",
     '<svg width="50%" height="1pt"/>', '<svg width="0" height="1pt"/>'],
)  # fmt: skip
def test_chart_that_is_no_sound_svg_is_refused(svg: str) -> None:
    with pytest.raises(PublishError):
        drawing(svg, "趋势")


# In a browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-sync"""
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def browse(folder: Path, html: str, *options: str) -> str:
    """What chromium puts out of a page."""
    page = folder / "page.html"
    page.write_text(html, "utf-8")
    offline = ["unshare", "-rn"] if _can_unshare() else []
    command = [
        *offline,
        str(CHROMIUM),
        *QUIET.split(),
        f"--user-data-dir={folder / 'profile'}",
        *options,
        page.as_uri(),
    ]
    return subprocess.run(command, check=True, timeout=120, capture_output=True).stdout.decode("utf-8")


@lru_cache(maxsize=1)
def _can_unshare() -> bool:
    command = ["unshare", "-rn", "true"]
    return shutil.which("unshare") is not None and subprocess.run(command, check=False).returncode == 0


@needs_chromium
def test_page_draws_offline_and_is_not_blank(tmp_path: Path) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    browse(tmp_path, rich_html(), f"--screenshot={tmp_path / 'page.png'}", "--window-size=1280,1600")
    picture = pymupdf.Pixmap(str(tmp_path / "page.png"))
    assert (picture.width, picture.height) == (1280, 1600)
    assert picture.color_count() > 50


@needs_chromium
def test_printed_page_repeats_the_banner_and_embeds_the_fonts(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    browse(tmp_path, rich_html(), f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer")
    pages = pypdf.PdfReader(tmp_path / "page.pdf").pages
    assert len(pages) >= 3
    assert all("演示数据（虚构）" in page.extract_text() and "内部" in page.extract_text() for page in pages)
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
