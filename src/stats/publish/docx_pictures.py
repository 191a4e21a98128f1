"""Pictures of a Word document: SVG, and for programs that cannot show it the same as PNG. Draws nothing itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from stats.publish.font_faces import families
from stats.publish.typst_compiler import compiled

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart

_EMU = 12700  # in a point
_DOTS = 192  # a figure is 1180 points wide in print, which Word shows only where it cannot show SVG
_WORD_FACES = "SimHei, 黑体, sans-serif"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)
_INLINE = (
    '<w:r>{lowered}<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
    '<wp:docPr id="{place}" {names}>{more}</wp:docPr>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{place}" {names}/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="png{key}"><a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="svg{key}"/>'
    "</a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


@dataclass(frozen=True, slots=True)
class _Picture:
    svg: str
    width: float
    height: float

    def markup(self, faces: str) -> bytes:
        size = f'width="{self.width:g}pt" height="{self.height:g}pt"'
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{faces}" color="#000" '
        return self.svg.replace("<svg ", opening, 1).replace("currentColor", "#000").encode()


@dataclass(slots=True)
class Pictures:
    """The pictures of one document; two that are the same are stored once."""

    keys: dict[_Picture, int] = field(default_factory=dict)
    shown: int = 0

    def show(self, svg: str, width: float, height: float, alt: str = "", name: str = "", lowered: int = 0) -> str:
        """A run with a picture of this size in points; one without ``alt`` says nothing that the text does not say.

        ``svg`` has a viewBox, no size and no namespace. The picture stands so many points below the line of the text.
        """
        key = self.keys.setdefault(_Picture(svg, round(width, 1), round(height, 1)), len(self.keys) + 1)
        self.shown += 1
        return _INLINE.format(
            key=key,
            lowered=f'<w:rPr><w:position w:val="{-2 * lowered}"/></w:rPr>' if lowered else "",
            place=self.shown,
            size=f'cx="{round(width * _EMU)}" cy="{round(height * _EMU)}"',
            names=f"name={quoteattr(name or f'示意 {self.shown}')} descr={quoteattr(alt)}",
            more="" if alt else _DECORATIVE,
        )

    def store(self, part: DocumentPart) -> None:
        """Put what was shown into the document."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        for (picture, key), png in zip(self.keys.items(), self._drawn(), strict=True):
            kinds = {"png": ("image/png", png), "svg": ("image/svg+xml", picture.markup(_WORD_FACES))}
            for suffix, (media_type, blob) in kinds.items():
                name = PackURI(f"/word/media/picture{key}.{suffix}")
                part.load_rel(_IMAGE, Part(name, media_type, blob, part.package), f"{suffix}{key}")

    def _drawn(self) -> list[bytes]:
        faces = ", ".join(families("hei"))
        pages = [
            {"svg": picture.markup(faces).decode(), "width": picture.width, "height": picture.height}
            for picture in self.keys
        ]
        given = {"pictures": json.dumps(pages, ensure_ascii=False)}
        return compiled("pictures.typ", given, format="png", ppi=_DOTS) if pages else []
