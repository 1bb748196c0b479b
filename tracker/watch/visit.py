"""What a visit means for an address: what is remembered of it, and what people are told. Pure.

Told once: that it fails, that it is back; that there is no block any more, that there is one again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from ..store import Visited
from . import spans


class Got(NamedTuple):
    """What came of a visit.

    at         when it began
    reason     why nothing was to be had; None if something was
    unchanged  the site says that the page is as before
    blocks, rows, added  found on the page, and snapshots that are new
    """

    at: datetime
    reason: str | None = None
    unchanged: bool = False
    blocks: int = 0
    rows: int = 0
    added: int = 0


class Line(NamedTuple):
    """What is said of a visit. plain: it went as it should."""

    text: str
    plain: bool = False


def after(
    was: Visited, got: Got, pause: Callable[[int], timedelta], when: Callable[[datetime], str]
) -> tuple[Visited, list[Line]]:
    """What is known of an address after a visit, and what is to be said of it.

    pause  how long it rests after so many failures in a row
    when   a time as people are told it
    """
    if got.reason is not None:
        return _failed(was, got, pause)
    lines = [] if was.failing is None else [Line(f"is back after {spans.spelled(got.at - was.failing)}")]
    back = was._replace(begun=None, tried=got.at, failing=None, failures=0, reason=None)
    if got.unchanged and not got.blocks:
        seen = was.block if was.gone or was.block is None else got.at
        return back._replace(block=seen), [*lines, Line("unchanged", True)]
    if not got.blocks:
        return back._replace(gone=was.gone or got.at), [*lines, _without(was, when)]
    if was.gone and was.block:
        lines.append(Line(f"a block again, after {spans.spelled(got.at - was.block)} without"))
    return back._replace(block=got.at, gone=None), [*lines, _read(got)]


def _failed(was: Visited, got: Got, pause: Callable[[int], timedelta]) -> tuple[Visited, list[Line]]:
    failures = was.failures + 1
    now = was._replace(
        begun=None, tried=got.at, failing=was.failing or got.at, failures=failures, reason=got.reason
    )
    told = Line(f"down: {got.reason}; asked again in {spans.spelled(pause(failures))}")
    return now, [told] if was.failing is None else []


def _without(was: Visited, when: Callable[[datetime], str]) -> Line:
    if was.gone:
        return Line("no block still", True)
    if was.block:
        return Line(f"no block since {when(was.block)}: `tracker inspect` says why")
    return Line("no block on the page: `tracker inspect` says why")


def _read(got: Got) -> Line:
    rows = f"{got.rows:,} row{'s' * (got.rows != 1)}"
    news = f"{got.added:,} snapshot{'s' * (got.added != 1)} added" if got.added else "known already"
    return Line(f"{'unchanged, ' * got.unchanged}{rows}, {news}", True)
