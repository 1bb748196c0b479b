"""What a collection would take: the indexes alone are asked, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..pages.web import Web
from . import known
from .archives import Archive
from .asking import Asking
from .capture import Capture
from .choose import Choice
from .collect import Orders, listed
from .notes import Notes
from .pace import Pace
from .tally import Progress
from .target import Target


@dataclass(slots=True)
class Estimate:
    """What a collection would take.

    listed, wanted  captures
    known           of the wanted: kept already
    size            packed bytes of the others, as far as the index says
    unsized         captures of which it does not
    seconds         the pauses alone
    """

    listed: int = 0
    wanted: int = 0
    known: int = 0
    size: int = 0
    unsized: int = 0
    seconds: float = 0.0


def estimate(
    targets: Sequence[Target], archives: Sequence[Archive], orders: Orders, pace: Pace, *,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> Estimate:  # fmt: skip
    """Ask the indexes alone, and say what a collection would take. Nothing is written.

    Raises SourceError where a list cannot be had, Refused where a host says stop.
    """
    seen = Estimate()
    for archive in archives:
        with Web(orders.limits, orders.contact) as web:
            asking = Asking(web, pace, archive.listing, forbids=archive.forbids)
            for target in targets:
                listing = listed(archive, asking, target, orders)
                _estimated(seen, listing, archive, orders, orders.into / target.site, pace.slow, on_progress)
            seen.seconds += asking.asked * max(archive.listing.seconds, pace.slow)
    return seen


def _estimated(
    seen: Estimate, listing: Iterable[Capture], archive: Archive, orders: Orders, folder: Path, slow: float,
    on_progress: Callable[[Progress], object],
) -> None:  # fmt: skip
    choice = Choice(orders.since, orders.until, orders.bucket)
    kept, notes = known.read(folder), Notes(folder)
    for capture in listing:
        seen.listed += 1
        on_progress(Progress(seen.listed, 0, 0, capture.url))
        unfit = choice.against(capture) or capture.status not in (None, 200)
        if unfit or notes.has(capture.url, capture.stamp):
            continue
        if orders.limit is not None and seen.wanted >= orders.limit:
            return
        choice.take(capture)
        seen.wanted += 1
        if kept.has(capture.url, capture.stamp):
            seen.known += 1
            continue
        seen.size += capture.length
        seen.unsized += not capture.length
        seen.seconds += max(archive.fetching.seconds, slow)
