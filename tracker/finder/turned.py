"""Tables whose coins stand side by side, laid so that each is a row. Pure."""

from __future__ import annotations

import re

from .tree import Element, Text, span

_DIGIT = re.compile(r"\d")
_ROWS = 24  # figures of one coin; a table of prices has no more


def turned(holder: Element) -> Element | None:
    """The table of a row whose cells name coins and have no figures, its columns made rows; None where the rows below are
    not of the same width, or no table is there."""
    table = next((e for e in holder.up if e.tag == "table"), None) if holder.tag == "tr" else None
    if table is None or _DIGIT.search(holder.text):
        return None
    trs = (e for e in table.walk() if isinstance(e, Element) and e.tag == "tr")
    rows = [cells for tr in trs if (cells := [*tr.elements])]
    widths = {len(row) for row in rows}
    spans = any(span(cell, way) > 1 for row in rows for cell in row for way in ("colspan", "rowspan"))
    if len(widths) != 1 or spans or not 2 <= len(rows) <= _ROWS:
        return None
    laid = Element("table", "", table.parent)
    for column in zip(*rows, strict=True):
        row = Element("tr", "", laid)
        row.children.extend(_copy(cell, row) for cell in column)
        laid.children.append(row)
    return laid


def _copy(element: Element, parent: Element) -> Element:
    made = Element(element.tag, element.raw, parent)
    made.children.extend(
        Text(n.words, made) if isinstance(n, Text) else _copy(n, made) for n in element.children
    )
    return made
