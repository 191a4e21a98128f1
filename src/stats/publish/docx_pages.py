"""Pages of a Word document: their margins, the running head and the page number, upright and turned. Holds no text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stats.present.blocks import Cover
from stats.publish.docx_text import calculated, paragraph, run
from stats.publish.paper import LANDSCAPE_WIDTH, PORTRAIT_WIDTH

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MEDIA_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MM, _EMU_PER_MM = 1440 / 25.4, 36000
_ONE_CHARACTER = 280  # of the page number's 14 points, in twentieths of a point
# The turned sheet's number stands at the right of a box over the sheet's left edge, so far from its end [mm]. The box
# begins in the sheet's corner: LibreOffice 7.4 puts it there on the first turned page, wherever it should begin.
_TURNED_WIDE, _TURNED_HIGH, _TURNED_END = 31.4, 210.0, 30.9


@dataclass(frozen=True, slots=True)
class Edge:
    """A header or footer, of odd or even pages, upright or turned."""

    kind: Literal["header", "footer"]
    wide: bool
    odd: bool

    @property
    def key(self) -> str:
        """Its name and that of its relationship."""
        return f"{self.kind}{'Turned' if self.wide else ''}{'Odd' if self.odd else 'Even'}"

    @property
    def media_type(self) -> str:
        return f"{_MEDIA_TYPES}.{self.kind}+xml"

    @property
    def relationship(self) -> str:
        return f"{_RELATIONSHIPS}/{self.kind}"


_PAGE = (run("— "), calculated("PAGE", "1"), run(" —"))
_KINDS: tuple[Literal["header", "footer"], ...] = ("header", "footer")
EDGES = tuple(Edge(kind, wide, odd) for kind in _KINDS for wide in (False, True) for odd in (True, False))


def edge_markup(edge: Edge, cover: Cover, namespaces: str) -> str:
    """The part of a header or footer."""
    root = {"header": "hdr", "footer": "ftr"}[edge.kind]
    content = _running_head(cover, edge) if edge.kind == "header" else _number(edge)
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{root} {namespaces}>{content}</w:{root}>'


def section_markup(wide: bool, *, is_first: bool) -> str:
    """The end of a section: its edges, its sheet and margins, and the lines of its grid."""
    own = [edge for edge in EDGES if edge.wide == wide]
    edges = "".join(
        f'<w:{edge.kind}Reference w:type="{"default" if edge.odd else "even"}" r:id="{edge.key}"/>' for edge in own
    )
    size = 'w:w="16838" w:h="11906" w:orient="landscape"' if wide else 'w:w="11906" w:h="16838"'
    top, right, bottom, left = (27, 37, 27, 35) if wide else (37, 26, 35, 28)
    margins = f'w:top="{_mm(top)}" w:right="{_mm(right)}" w:bottom="{_mm(bottom)}" w:left="{_mm(left)}"'
    edge_places = f'w:header="{_mm(15 if wide else 22)}" w:footer="{_mm(10 if wide else 25.4)}" w:gutter="0"'
    start = "" if is_first else '<w:type w:val="nextPage"/>'
    return (
        f"<w:sectPr>{edges}{start}<w:pgSz {size}/><w:pgMar {margins} {edge_places}/>"
        '<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>'
    )


def _mm(length: float) -> int:
    return round(length * _MM)


def _running_head(cover: Cover, edge: Edge) -> str:
    """Marking and banner; on a turned sheet the page number hangs on them."""
    end = round((LANDSCAPE_WIDTH if edge.wide else PORTRAIT_WIDTH) * 20)
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{end}"/></w:tabs>'
    framed = '<w:bdr w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    banner = f"<w:r><w:tab/></w:r>{run(f' {cover.banner} ', framed)}" if cover.banner else ""
    return paragraph("Header", run(cover.marking), banner, _turned_number(edge) if edge.wide else "", properties=tab)


def _number(edge: Edge) -> str:
    """``— 1 —`` at the outer side, one character in; none at the foot of a turned sheet."""
    if edge.wide:
        return paragraph("Footer")
    side = _side(edge)
    return paragraph("Footer", *_PAGE, properties=f'<w:ind w:{side}="{_ONE_CHARACTER}"/><w:jc w:val="{side}"/>')


def _turned_number(edge: Edge) -> str:
    """The number where an upright sheet has it."""
    side = _side(edge)
    return _turned_box(
        paragraph("Footer", *_PAGE, properties=f'<w:ind w:{side}="{_mm(_TURNED_END)}"/><w:jc w:val="{side}"/>')
    )


def _side(edge: Edge) -> str:
    return "right" if edge.odd else "left"


def _turned_box(content: str) -> str:
    wide, high = (round(mm * _EMU_PER_MM) for mm in (_TURNED_WIDE, _TURNED_HIGH))
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" '
        'distR="0" simplePos="0" relativeHeight="1" behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset>'
        '</wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>0</wp:posOffset>'
        f'</wp:positionV><wp:extent cx="{wide}" cy="{high}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        '<wp:docPr id="1" name="页码" descr="页码"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        f'<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect">'
        f"<a:avLst/></a:prstGeom><a:noFill/></wps:spPr><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="vert" lIns="0" tIns="0" rIns="0" bIns="0"/></wps:wsp></a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )
