"""Makes a chart's SVG fit for a document by an allow-list: nothing live, nothing from outside. Draws nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from stats.errors import PublishError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _words(
    """svg g defs path rect circle ellipse line polyline polygon use text tspan clipPath pattern
    linearGradient radialGradient stop image"""
)
# What drawing programs add about themselves, and the descriptions, which the document writes itself.
DROPPED_ELEMENTS = _words("metadata title desc style")
PAINT = _words(
    """fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-dasharray stroke-dashoffset opacity clip-path clip-rule stop-color stop-opacity text-anchor
    dominant-baseline font-size font-weight font-style visibility display"""
)
GEOMETRY = _words(
    """x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox transform patternUnits patternTransform
    clipPathUnits gradientUnits gradientTransform offset preserveAspectRatio"""
)
_ON_ELEMENTS = PAINT | GEOMETRY | {"id", "href"}
# The faces are the document's to choose, and a viewer needs no hint on blanks or the like.
DROPPED_ATTRIBUTES = _words(
    """font-family font-stretch font-variant white-space version class type role aria-label aria-hidden
    image-rendering shape-rendering text-rendering space"""
)
_NAMESPACE = re.compile(r"\{[^}]*\}")
_PLAIN_VALUE = re.compile(r"[\w\s.,;:#%+()'-]*", re.ASCII)
_REFERENCE = re.compile(r"url\(\s*#([\w.-]+)\s*\)")
_TAG = re.compile(r"<[^>]*>")
_NAMED = re.compile(r' id="| href="#|url\(#')
_LENGTH = re.compile(r"([\d.]+)(pt|px|)")
_INHERITED = {"stroke-linejoin": "round", "stroke-linecap": "butt"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A checked chart: its natural size in points and its markup without namespaces."""

    width: float
    height: float
    markup: str


def svg_texts(svg: str, title: str) -> tuple[str, ...]:
    """The labels of a chart, in drawing order; a chart whose labels are outlines has none."""
    return tuple("".join(text.itertext()).strip() for text in _parse(svg, title).iter() if _name(text.tag) == "text")


def drawing(svg: str, title: str, prefix: str = "") -> Drawing:
    """Checks a chart and rewrites it without scripts, styles, foreign content and references to the outside.

    ``title`` names the chart in messages; ``prefix`` keeps the ids of several charts on one page apart. Raises
    PublishError if the SVG is not well-formed or holds an element, attribute or value that is not on the list.

    >>> drawing('<svg width="9pt" viewBox="0 0 9 6" height="6pt"><text x="1" y="5">a&lt;b</text></svg>', "图").markup
    '<svg viewBox="0 0 9 6" stroke-linejoin="round" stroke-linecap="butt"><text x="1" y="5">a&lt;b</text></svg>'
    """
    clean = _clean(svg, title)
    return replace(clean, markup=_prefixed(clean.markup, prefix)) if prefix else clean


@lru_cache(maxsize=16)
def _clean(svg: str, title: str) -> Drawing:
    """The checked chart with its ids as they are: once for all formats."""
    root = _parse(svg, title)
    if _name(root.tag) != "svg":
        raise _refusal(title, f"最外层不是 svg 而是 {_name(root.tag)}")
    clean = _element(root, title)
    width, height = (_points(clean.attrib.pop(side, ""), title) for side in ("width", "height"))
    clean.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    for name, value in _INHERITED.items():
        clean.attrib.setdefault(name, value)
    return Drawing(width, height, ElementTree.tostring(clean, encoding="unicode"))


def _prefixed(markup: str, prefix: str) -> str:
    """Checked markup with a prefix before each id and each reference to one; no text is touched."""
    return _TAG.sub(lambda tag: _NAMED.sub(lambda found: found[0] + prefix, tag[0]), markup)


def _refusal(title: str, problem: str) -> PublishError:
    return PublishError(f"图“{title}”不能发布：{problem}", "请用 present 的绘图函数生成图，不要手工改动 SVG")


@lru_cache(maxsize=16)
def _parse(svg: str, title: str) -> Element:
    """The chart as it came; it is read several times and never changed."""
    try:
        root: Element = fromstring(svg, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise _refusal(title, "SVG 格式有错或含有实体声明") from error
    return root


@lru_cache(maxsize=1024)
def _name(tag: object) -> str:
    return _NAMESPACE.sub("", tag) if isinstance(tag, str) else ""


def _element(source: Element, title: str) -> Element:
    name = _name(source.tag)
    if name not in ELEMENTS:
        raise _refusal(title, f"含有不允许的元素 {name}")
    clean = Element(name, dict(_attributes(source, title)))
    # Blanks between elements are layout of the file; inside a text they are part of the label.
    keeps_text = name in {"text", "tspan"}
    clean.text = source.text if keeps_text else None
    for child in source:
        if _name(child.tag) in DROPPED_ELEMENTS:
            continue
        copy = _element(child, title)
        copy.tail = child.tail if keeps_text else None
        if copy.tag != "defs" or len(copy):
            clean.append(copy)
    return clean


def _attributes(source: Element, title: str) -> Iterator[tuple[str, str]]:
    for key, value in source.attrib.items():
        name = _name(key)
        if name == "style":
            yield from _style(value, title)
        else:
            yield from _attribute(name, value, title, _ON_ELEMENTS)


@lru_cache(maxsize=1024)
def _style(declarations: str, title: str) -> tuple[tuple[str, str], ...]:
    """The attributes that a style stands for; the marks of a chart share a few styles."""
    pairs = (declaration.partition(":")[::2] for declaration in declarations.split(";") if declaration.strip())
    return tuple(
        attribute for name, value in pairs for attribute in _attribute(name.strip(), value.strip(), title, PAINT)
    )


def _attribute(name: str, value: str, title: str, allowed: frozenset[str]) -> Iterator[tuple[str, str]]:
    if name in DROPPED_ATTRIBUTES:
        return
    if name not in allowed:
        raise _refusal(title, f"含有不允许的属性 {name}")
    if name == "id":
        yield name, value
    elif name == "href":
        yield name, _target(value, title)
    else:
        yield name, _value(name, value, title)


def _target(value: str, title: str) -> str:
    if re.fullmatch(r"#[\w.-]+", value, re.ASCII):
        return value
    if re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/=\s]+", value, re.ASCII):
        return value
    raise _refusal(title, "含有指向图外的引用")


def _value(name: str, value: str, title: str) -> str:
    if not _PLAIN_VALUE.fullmatch(value) or "url" in _REFERENCE.sub("", value).lower():
        raise _refusal(title, f"属性 {name} 的值不允许")
    return " ".join(_REFERENCE.sub(r"url(#\1)", value).split())


def _points(length: str, title: str) -> float:
    match = _LENGTH.fullmatch(length)
    if match is None or float(match.group(1)) <= 0:
        raise _refusal(title, "没有写明以 pt 或 px 计的宽和高")
    return float(match.group(1)) * (1.0 if match.group(2) == "pt" else 0.75)
