"""Lines of a page: how the clock walks them, and what stands beside a date on its line. Text in, spans out.

A page may be one line of many megabytes, so no function here looks further than a bounded way from where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..printed.dates import Printed, compiled

Span = tuple[int, int]

INK, FIGURE = r"\S", "[0-9]"
LINE = 120  # a line that is a date and little else is no longer
_WORD = r"[^\W\d_]{2,40}"


def lines(text: str, limit: int) -> Iterator[Span]:
    """The lines within text[:limit] that are not blank; one that runs on beyond the limit is not among them."""
    pos, size = 0, len(text)
    while pos < min(limit, size):
        stop = text.find("\n", pos, limit)
        if stop < 0 and limit < size:
            return
        stop = size if stop < 0 else stop
        if compiled(INK).search(text, pos, stop):
            yield pos, stop
        pos = stop + 1


def lines_with(pattern: re.Pattern[str], text: str, span: Span) -> Iterator[Span]:
    """Each line of the span in which the pattern is found, once."""
    pos = span[0]
    while hit := pattern.search(text, pos, span[1]):
        line = line_around(text, hit.start(), (pos, span[1]))
        yield line
        pos = line[1]


def line_around(text: str, pos: int, span: Span) -> Span:
    """The part of the span that stands on the line of `pos`."""
    stop = text.find("\n", pos, span[1])
    return max(text.rfind("\n", span[0], pos) + 1, span[0]), stop if stop >= 0 else span[1]


def line_before(text: str, pos: int) -> Span | None:
    """The nearest line that ends before `pos` and is not blank; None if there is none within a short way, or it is
    a long one: a paragraph."""
    lowest = max(0, pos - 3 * LINE)
    end = len(text[lowest:pos].rstrip()) + lowest
    start = text.rfind("\n", max(lowest, end - LINE - 1), end) + 1
    if end == lowest or (start == 0 and end > LINE):
        return None
    return start, end


def line_after(text: str, pos: int) -> Span | None:
    """The nearest line that begins behind `pos` and is not blank; None as for the one before."""
    first = compiled(INK).search(text, pos, pos + 3 * LINE)
    if first is None:
        return None
    stop = text.find("\n", first.start(), first.start() + LINE + 1)
    if stop < 0 and len(text) > first.start() + LINE:
        return None
    return first.start(), len(text) if stop < 0 else stop


def first_ink(text: str, pos: int) -> bool:
    """Nothing stands on the page before `pos`; where it is far down, something does."""
    return pos < 1_000 and not text[:pos].strip(" \n\t\u00a0•")


def alone(text: str, line: Span, found: Span, filler: str) -> bool:
    """Nothing but punctuation and filler stands beside the date on its line."""
    if line[1] - line[0] > LINE:
        return False
    rest = compiled(filler).sub("", f"{text[line[0] : found[0]]}\n{text[found[1] : line[1]]}")
    return not any(map(str.isalnum, rest))


def without(text: str, line: Span, dates: Sequence[Printed]) -> Iterator[str]:
    """What the line holds between the dates."""
    pos = line[0]
    for found in dates:
        yield text[pos : found.start]
        pos = found.end
    yield text[pos : line[1]]


def words(text: str) -> list[str]:
    """Its words of two letters and more."""
    return compiled(_WORD).findall(text)
