"""The article's date: all that may tell it, the best first."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from ..model import Page
from ..printed.dates import Printed
from . import markup
from .article import byline_date, day_of_address, has_prose, labelled_date, lone_date, of_others
from .lines import Span


def article_dates(
    page: Page, block: Span, month_first: bool, own: Container[int], marked: Printed | None
) -> Iterator[Printed]:
    """What may be the article's date by the page's words, its address, its markup; the dear ways last.

    own: where dates begin that are the block's own; marked: what a layout's pattern caught, which goes first."""
    text, html = page.text, page.html
    ways: tuple[Callable[[], Printed | None], ...] = (
        lambda: marked,
        lambda: labelled_date(text, block, month_first, own),
        lambda: markup.head_date(html) if html else None,
        lambda: markup.time_date(html) if html else None,
        lambda: byline_date(text, block, month_first, own),
        lambda: day_of_address(page.url),
        lambda: _unlabelled(page, block, month_first, own),
    )
    yield from filter(None, (ask() for ask in ways))


def _unlabelled(page: Page, block: Span, month_first: bool, own: Container[int]) -> Printed | None:
    """A day that stands alone near the top, if the markup's rules do not know better."""
    lone = lone_date(page.text, block, month_first, own)
    asked = markup.asked_date(page.html, page.url) if page.html and has_prose(page.text) else None
    if asked and of_others(page.text, asked, month_first, own):
        asked = None
    return lone if lone and (asked is None or lone.on_day(asked)) else asked
