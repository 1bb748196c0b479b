"""Which times a page of the web can have: from 1995 to tomorrow. Others are mistakes, and no evidence of anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

OLDEST = datetime(1995, 1, 1, tzinfo=UTC)


def plausible_span(now: datetime | None = None) -> tuple[datetime, datetime]:
    """The first and the last time that a page can have; aware, UTC. now: None for that of the machine."""
    return OLDEST, (now or datetime.now(UTC)) + timedelta(days=1)


def plausible(when: datetime | None, span: tuple[datetime, datetime]) -> datetime | None:
    """The time, if it is one that a page can have."""
    return when if when and span[0] <= when <= span[1] else None
