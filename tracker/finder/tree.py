"""HTML -> a light tree of elements and texts. Pure.

Resiliparse repairs the markup (unclosed cells, stray ends) and writes it out anew; what is then well formed is read by
one expression: walking Resiliparse's own nodes from Python takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

# What a page shows is not what stands in these.
_UNSEEN = frozenset("script style template noscript head select textarea".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements that touch without showing a gap between them; all others begin a line or a cell of their own.
INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins label mark q s small span strong sub sup time u data".split()
)
_TOKEN = re.compile(
    r"<!--.*?-->|<![^>]*>|<(/?)([a-zA-Z][\w:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|([^<]+)|<", re.DOTALL
)
_ATTRIBUTE = re.compile(r"([\w:.@-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


@dataclass(slots=True, eq=False)
class Text:
    """Words between two tags, as they stand there, entities read."""

    words: str
    parent: Element


@dataclass(eq=False)
class Element:
    """A tag and what stands in it; `raw` are its attributes as written."""

    tag: str
    raw: str
    parent: Element | None
    children: list[Element | Text] = field(default_factory=list)

    @cached_property
    def attributes(self) -> dict[str, str]:
        """By name, in small letters; an attribute without a value has the empty one."""
        return {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(self.raw)}

    @property
    def elements(self) -> Iterator[Element]:
        """Its children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    @property
    def up(self) -> Iterator[Element]:
        """Itself and all that it stands in, from the inside."""
        at: Element | None = self
        while at is not None:
            yield at
            at = at.parent

    def walk(self) -> Iterator[Element | Text]:
        """Itself and all that stands in it, in page order."""
        waiting: list[Element | Text] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node, Element):
                waiting.extend(reversed(node.children))

    @property
    def text(self) -> str:
        """All its words, white space folded, a blank between blocks."""
        return " ".join(lines(self)[0].split())


def tree_of(html: str) -> Element:
    """The tree of a page's HTML without what is not shown; markup that nobody can read gives an empty one."""
    from resiliparse.parse.html import HTMLTree

    document = HTMLTree.parse(html).document
    return read(document.html if document else "")


def read(html: str) -> Element:
    """The tree of well-formed HTML."""
    top = at = Element("", "", None)
    skip = ""
    for match in _TOKEN.finditer(html):
        closing, tag, raw, words = match.groups()
        if skip:
            skip = "" if closing and tag.lower() == skip else skip
        elif words is not None:
            at.children.append(Text(unescape(words) if "&" in words else words, at))
        elif not tag:
            continue
        elif closing:
            at = next((e.parent for e in at.up if e.tag == tag.lower() and e.parent), at)
        else:
            name = tag.lower()
            if name in _UNSEEN:
                skip = name
                continue
            element = Element(name, raw, at)
            at.children.append(element)
            if name not in _VOID:
                at = element
    return top


def lines(*tops: Element | Text) -> tuple[str, list[tuple[int, Element]]]:
    """The words of some neighbouring nodes, a line break around each block and cell, and which element stands from
    which place on. Pictures have no words here: see their attributes."""
    words: list[str] = []
    places: list[tuple[int, Element]] = []
    size = 0

    waiting: list[Element | Text | None] = list(reversed(tops))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element):
            block = node.tag not in INLINE and node.tag != "img"
            waiting.extend([*([None] if block else []), *reversed(node.children), *([None] if block else [])])
            continue
        if node is not None:
            places.append((size, node.parent))
        words.append("\n" if node is None else node.words.replace("\n", " "))
        size += len(words[-1])
    return "".join(words), places


def span(cell: Element, way: str = "colspan") -> int:
    wide = cell.attributes.get(way, "1") if way in cell.raw else "1"
    return min(int(wide), 50) if wide.isdecimal() and int(wide) else 1
