"""The links of a document's page to the others of the set, by the plan: no page links to what is not planned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import quote

from stats.build.state.plan import Document
from stats.formats import NOTEBOOK, format_of
from stats.publish.links import Link, Links

INDEX = "index.html"


def links(document: Document, documents: Mapping[str, Document], formats: Collection[str] = ()) -> Links:
    """Where the page of a document leads when these formats are made.

    Names of towns, where it is about several; the numbers of all documents, where it is the list of them.
    """
    place, planned = list(documents).index(document.name), list(documents.values())
    others = [suffix for suffix in document.suffixes(formats) if suffix not in ("html", NOTEBOOK.suffix)]
    return Links(
        index=INDEX,
        previous=_link(planned[place - 1], formats) if place else None,
        following=_link(planned[place + 1], formats) if place + 1 < len(planned) else None,
        formats=tuple(Link(quote(f"{document.name}.{each}"), format_of(each).label) for each in others),
        units=tuple(_named(document, planned, formats)) if document.entry.of != "town" else (),
    )


def _link(document: Document, formats: Collection[str]) -> Link:
    shown = document.unit.name if document.entry.of == "town" else document.entry.title
    return Link(quote(f"{document.name}.{document.suffixes(formats)[0]}"), f"{document.number} {shown}")


def _named(document: Document, planned: Sequence[Document], formats: Collection[str]) -> Iterator[Link]:
    by_entry: dict[str, list[Document]] = {}
    for each in planned if document.entry.key == "contents" else ():
        by_entry.setdefault(each.entry.key, []).append(each)
    for those in by_entry.values():
        label = those[0].entry.numbers([each.place for each in those])
        yield Link(_link(those[0], formats).address, label)
    for each in planned:
        if each.entry.key == "town":
            yield Link(_link(each, formats).address, each.unit.name)
