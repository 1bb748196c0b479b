"""Revisit records of web archives: the same payload, served again at another time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model import Page
from .reader import read
from .source import Found, Intake, Revisit, Skipped, locate

LIMIT = 100_000  # names of payloads remembered, some 30 MB of them; the oldest are forgotten first


class Revisits:
    """Which payloads are known, by the names a revisit record may use, and where they can be read again."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def know(self, keys: Iterable[str], place: str) -> None:
        """Remember that a payload is recorded at `place`, a page's source."""
        for key in keys:
            self._places.setdefault(key, place)
        while len(self._places) > LIMIT:
            del self._places[next(iter(self._places))]

    def page(self, revisit: Revisit) -> Page:
        """The page that was served again, with the revisit's address and time. Raises SourceError if there is none."""
        place = next((self._places[key] for key in revisit.keys if key in self._places), None)
        again = next(read(locate(place), Intake()), None) if place else None
        if not isinstance(again, Found):
            raise Skipped(revisit.page.source, "a revisit record of a page that is not known")
        page = revisit.page
        return replace(
            again.page, source=page.source, url=page.url, captured_at=page.captured_at, given_at=page.given_at
        )
