"""What stands over records in a tree: the heads of their columns, the short lines above. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..printed.figures import narrow
from .cells import parts
from .tree import Element, Text, lines, span


def heads_over(holder: Element, first: Sequence[Element | Text], columns: bool) -> dict[str, str]:
    """The words over each column, by its way, a line a row of heads; empty where the records have no cells."""
    if not columns or not isinstance(first[0], Element):
        return {}
    width = sum(span(cell) for cell in first[0].elements)
    for rows in _head_rows(holder, first[0]):
        laid = _laid(rows)
        if laid and max(laid) + 1 == width and not any(map(_figured, laid.values())):
            return {f"#{column}": words for column, words in laid.items() if words}
    return {}


def _laid(rows: Sequence[Element]) -> dict[int, str]:
    """Rows of heads -> the words over each column, what spans rows or columns laid over all of them."""
    grid: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.elements:
            while (x, y) in grid:
                x += 1
            deep = min(span(cell, "rowspan"), len(rows) - y)
            grid |= {
                (x + i, y + k): cell.text if not k else "" for i in range(span(cell)) for k in range(deep)
            }
            x += span(cell)
    columns = sorted({x for x, _ in grid})
    if len(grid) < len(columns) * len(rows):
        return {}  # a row that does not fill the width: which head stands where, nobody can say
    return {x: "\n".join(w for y in range(len(rows)) if (w := grid.get((x, y), ""))) for x in columns}


def _figured(words: str) -> bool:
    """Whether words are no head: percents and money stand in rows, and so does a cell that is one figure."""
    found = parts(narrow(words))
    alone = len(found) == 1 and found[0].figure is not None and not found[0].bare
    return alone or any(p.figure is not None and (p.figure.percent or p.figure.money) for p in found)


def _head_rows(holder: Element, first: Element) -> Iterator[Sequence[Element]]:
    """What may be rows of heads: those of the table before its first record, else what stands right above the records,
    else a table or box of heads above theirs."""
    table = next((e for e in holder.up if e.tag == "table"), None)
    if table and first.tag == "tr":
        rows = [e for e in _before(table, first) if e.tag == "tr"]
        yield from (rows[-n:] for n in range(min(3, len(rows)), 0, -1))
    else:
        yield from ([e] for e in reversed(_before(holder, first)) if e.parent is holder)
    around = (table or holder).parent
    for e in (around, around.parent) if around else ():
        yield from (
            ([n] for n in reversed(_before(e, first)) if n.tag in ("tr", first.tag, "div", "ul")) if e else ()
        )


def _before(top: Element, first: Element) -> list[Element]:
    """The elements that stand in `top` before the first record, and do not hold it; a few hundred at most."""
    holding = set(first.up)
    found: list[Element] = []
    for node in top.walk():
        if node is first:
            break
        if isinstance(node, Element) and node not in holding:
            found.append(node)
    return found[-400:]


def said_above(holder: Element) -> Iterator[str]:
    """Up to four short lines that stand above a holder, the nearest last."""
    said: list[str] = []
    below: Element = holder
    for element in holder.up:
        if element is below:
            continue
        before: list[str] = []
        for child in element.children:
            if child is below:
                break
            before += [
                " ".join(line.split()) for line in lines(child)[0][-2000:].splitlines() if line.strip()
            ]
        said = before[-4:] + said
        below = element
        if len(said) >= 4:
            break
    yield from (line for line in said[-4:] if len(line) <= 120)
