"""In which zone a page prints its times, where none is printed beside them."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from ..model import Page
from ..printed.zones import zone_of_language, zone_of_script, zone_of_site, zone_of_words
from .lines import Span
from .markup import language


def zone_of(page: Page, block: Span, told: str | None) -> tuple[tzinfo, bool]:
    """The zone of printed times: the layout's, the country's of the site, that of the script; else, and the second value
    is True, it is assumed: where the page's language is at home, or UTC."""
    if told:
        return ZoneInfo(told), False
    found = (
        zone_of_site(page.site)
        or zone_of_script(page.text[slice(*block)], 1)
        or zone_of_script(page.text, 10)
    )
    if found:
        return found, False
    return zone_of_language(language(page.html)) or zone_of_words(page.text) or UTC, True
