"""Where a page of the set leads: to the list, its neighbours, its other formats, the documents of towns. Makes none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One link: a relative address, percent-encoded, and what it says."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one page; a page by itself, as nbconvert makes it, has none.

    ``units`` are those of the units whose names stand in its tables, labelled with these names.
    """

    index: str = ""
    previous: Link | None = None
    following: Link | None = None
    formats: tuple[Link, ...] = ()
    units: tuple[Link, ...] = ()

    def texts(self) -> str:
        """All that they say which is not said without them, as names of units are, in tables."""
        links = (self.previous, self.following, *self.formats)
        return "".join(link.label for link in links if link is not None)


NO_LINKS = Links()
