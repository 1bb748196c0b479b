"""Times that are handed over as such: `--at` and `--since` as a user writes them, a stamp in a file's name."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from ..errors import TimeError
from ..printed.dates import YEARS, compiled, date_at
from ..printed.zones import shown, zone_named

_STAMP = "[0-9]{14}"
_IN_FOLDER = rf"(?:^|[/\\\\])({_STAMP})(?:[a-z]{{2}}_)?(?=[/\\\\])"
_IN_FILE = rf"(?<![0-9=])(?<!%3[Dd])({_STAMP})(?![0-9])"
_TO_THE_DAY = r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4}|-?W[0-9]{2}-?[0-9]|-[0-9]{3})(?:[T ].{1,40})?"
# Two numbers up to 12, not the same, before a year: a day and a month in either order.
_NUMBER = "0?[1-9]|1[0-2]"
_EITHER_WAY = rf"(?P<a>{_NUMBER})[-./ ](?!(?P=a)[-./ ])(?:{_NUMBER})[-./ ][0-9]{{4}}(?![0-9])"
_WAY_OUT = "write it as 2019-12-03, '2019-12-03 16:35' or 2019-12-03T16:35+09:00"


def parse_time(text: str, zone: str) -> datetime:
    """A time as a user writes it -> aware UTC.

    Read are ISO 8601 to the day or finer, 14 digits, and a whole printed date with its year: `2019.12.03`,
    `2019-12-03 16:35 KST`. Without a zone of its own it is in `zone` (IANA); without a clock it is the first moment
    of the day. TimeError for anything less, and for `03/04/2019`, which may be either of two days.
    """
    local, text = zone_named(zone), text.strip()
    if compiled(_EITHER_WAY).match(text):
        raise TimeError(shown(text), "day and month cannot be told apart", _WAY_OUT)
    when = _iso(text) or _digits(text) or _as_printed(text, local)
    if when is None:
        raise TimeError(shown(text), "not a time", _WAY_OUT)
    try:
        return (when if when.tzinfo else when.replace(tzinfo=local)).astimezone(UTC)
    except OverflowError:  # the year 1 or 9999, carried over the edge by its zone
        raise TimeError(shown(text), "outside the years that can be reckoned with", _WAY_OUT) from None


def stamp_in_name(name: str) -> datetime | None:
    """The capture time in a file's name or path by the custom of web archives: 14 digits, UTC.

    A folder such as `web/20191203163500id_/` goes before the file's own name. None if there is no such stamp, or
    the name holds two different ones. A value (`no=20191203163500`) is an article's number, and no stamp.
    """
    for pattern, where in (_IN_FOLDER, name), (_IN_FILE, name.replace("\\", "/").rpartition("/")[2]):
        times = {when for digits in compiled(pattern).findall(where) if (when := _digits(digits))}
        stamps = {when.replace(tzinfo=UTC) for when in times if when.year in YEARS}
        if stamps:
            return stamps.pop() if len(stamps) == 1 else None
    return None


def _digits(text: str) -> datetime | None:
    """`20191203163500`, without a zone; None if it is no time."""
    if not compiled(_STAMP).fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    """ISO 8601 to the day at least: `2019`, which the standard allows, is no time to vouch for."""
    if not compiled(_TO_THE_DAY).fullmatch(text):
        return None
    from dateutil.parser import isoparse

    try:
        return isoparse(text)
    except ValueError:
        return None


def _as_printed(text: str, local: tzinfo) -> datetime | None:
    """A date as pages print it, if it is the whole text and leaves nothing open."""
    found = date_at(text, 0, len(text))
    if found is None or found.year is None or found.zone_shared or text[found.end :].strip(". "):
        return None
    day = found.day_in(found.year)
    return found.moment(day, local, hour=0) if day else None
