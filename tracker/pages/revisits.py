"""Revisit records of web archives: the same payload, served again at another time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ..errors import Skipped
from ..model import Page
from .reader import read
from .source import Capture, Found, Intake, Revisit, locate

LIMIT = 100_000  # names of payloads remembered, some 30 MB of them; the oldest are forgotten first


def _nowhere(_: Iterable[Capture]) -> Mapping[Capture, str]:
    return {}


class Revisits:
    """Which payloads are known, by the names a revisit record may use, and where they can be read again.

    recorded   tells where copies are recorded that were met in earlier runs; each as a page's source
    """

    def __init__(self, recorded: Callable[[Iterable[Capture]], Mapping[Capture, str]] = _nowhere) -> None:
        self._places: dict[str, str] = {}
        self._recorded, self._earlier = recorded, dict[Capture, str]()

    def know(self, keys: Iterable[str], place: str) -> None:
        """Remember that a payload is recorded at `place`, a page's source."""
        for key in keys:
            self._places.setdefault(key, place)
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
        again = next(read(locate(place), Intake()), None) if place else None
        # A file that was read in an earlier run may be another by now.
        if not isinstance(again, Found) or not (
            here or (again.page.url, again.page.captured_at) == revisit.capture
        ):
            raise Skipped(revisit.page.source, "a revisit record of a page that is not known")
        page = revisit.page
        return replace(
            page,
            text=again.page.text,
            html=again.page.html,
            flags=again.page.flags,
            published_at=again.page.published_at,
        )

    def _place(self, revisit: Revisit) -> str | None:
        return next((self._places[key] for key in revisit.keys if key in self._places), None)
