"""Revisit records of web archives: the same payload, served again at another time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ..errors import Skipped
from ..model import Page
from .reader import read
from .source import Capture, Found, Intake, Revisit, Source, locate

LIMIT = 100_000  # names of payloads remembered, some 30 MB of them; the oldest are forgotten first
HELD = 32 << 20  # characters of pages held that can be had again only with all that stands before them


def _nowhere(_: Iterable[Capture]) -> Mapping[Capture, str]:
    return {}


class Revisits:
    """Which payloads are known, by the names a revisit record may use, and where they can be read again.

    A page of an archive at an address, in a bundle or on standard input is held, within bounds: to have it again, all
    of its archive would be had again.

    recorded   tells where copies are recorded that were met in earlier runs; each as a page's source
    """

    def __init__(self, recorded: Callable[[Iterable[Capture]], Mapping[Capture, str]] = _nowhere) -> None:
        self._places: dict[str, str] = {}
        self._pages: dict[str, Page] = {}
        self._held = 0
        self._recorded, self._earlier = recorded, dict[Capture, str]()

    def know(self, keys: Iterable[str], place: str, page: Page | None = None) -> None:
        """Remember that a payload is recorded at `place`, a page's source; and the page, if it is far to go there."""
        for key in keys:
            self._places.setdefault(key, place)
        if page and place not in self._pages:
            self._hold(place, page)
        while len(self._places) > LIMIT:
            del self._places[next(iter(self._places))]

    def look_up(self, revisits: Iterable[Revisit]) -> None:
        """Ask at once where the copies are recorded that these refer to and that were not met in this run."""
        asked = {one.capture for one in revisits if one.capture and not self._place(one)}
        self._earlier = dict(self._recorded(asked)) if asked else {}

    def page(self, revisit: Revisit) -> Page:
        """The page that was served again, with the revisit's address and time. Raises SourceError if there is none."""
        here = self._place(revisit)
        place = here or (self._earlier.get(revisit.capture) if revisit.capture else None)
        again = self._page(place) if place else None
        # A file that was read in an earlier run may be another by now.
        if not again or not (here or (again.url, again.captured_at) == revisit.capture):
            raise Skipped(revisit.page.source, "a revisit record of a page that is not known")
        return replace(
            revisit.page, text=again.text, html=again.html, flags=again.flags, published_at=again.published_at
        )

    def _page(self, place: str) -> Page | None:
        if place in self._pages:
            return self._pages[place]
        again = next(read(locate(place), Intake()), None)
        return again.page if isinstance(again, Found) else None

    def _hold(self, place: str, page: Page) -> None:
        self._held += _length(page)
        self._pages[place] = page
        while self._held > HELD:
            self._held -= _length(self._pages.pop(next(iter(self._pages))))

    def _place(self, revisit: Revisit) -> str | None:
        return next((self._places[key] for key in revisit.keys if key in self._places), None)


def is_far(source: Source, page: Page) -> bool:
    """Whether a page met in it can be had again only with all that stands before it: in a file it lies at its offset."""
    return not source.is_file or page.source.rpartition("#")[0] != source.title


def _length(page: Page) -> int:
    return len(page.text) + len(page.html or "")
