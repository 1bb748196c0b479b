"""Times as containers and markup write them, for machines: ISO 8601, HTTP dates, seconds since 1970. All to UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ..printed.zones import zone_of_site

_DIGITS = re.compile(r"\d{14}")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{12,13}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")


def capture_time(value: Any) -> datetime | None:
    """A column's value or a header as a time, in UTC where it names no zone.

    None for a day without a clock, which is no time, and for anything else.
    """
    try:
        if isinstance(value, datetime):
            return _utc(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _since_1970(float(value))
        return _written(value.strip()) if isinstance(value, str) else None
    except (ValueError, OverflowError):  # no such day; a year that cannot be reckoned with
        return None


def first_moment(value: Any, site: str | None) -> datetime | None:
    """The first moment of a day without a clock, in the site's zone: its prices are not older. None for other values."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value.strip().replace("/", "-")):
            value = date.fromisoformat(value.strip().replace("/", "-"))
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day, tzinfo=zone_of_site(site) or UTC).astimezone(
                UTC
            )
    except (ValueError, OverflowError):
        pass
    return None


def markup_time(text: str, site: str | None) -> datetime | None:
    """An ISO 8601 time from markup. Without a zone it is in that of the site's country; None if that is not known."""
    text = text.strip()
    zone = zone_of_site(site)
    if _DAY.fullmatch(text):
        return first_moment(text, site) if zone else None
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None and zone is None:
            return None
        return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def http_date(text: str | None) -> datetime | None:
    """`Tue, 03 Dec 2019 07:35:00 GMT`; None if it is no such date."""
    if not text or text[:1].isdigit():
        return None
    from email.utils import parsedate_to_datetime

    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _written(text: str) -> datetime | None:
    if _DIGITS.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if _SECONDS.fullmatch(text):
        return _since_1970(float(text))
    if text[:1].isdigit():
        text = text.replace("/", "-")
        return None if _DAY.fullmatch(text) else _utc(datetime.fromisoformat(text.removesuffix(" UTC")))
    return http_date(text)


def _since_1970(count: float) -> datetime | None:
    """Seconds, or milli-, micro- or nanoseconds, of 2001 to 2100; a smaller number is none of them."""
    for unit in (1, 10**3, 10**6, 10**9):
        if 978_307_200 <= count / unit < 4_102_444_800:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(count * 1_000_000 / unit))
    return None


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
