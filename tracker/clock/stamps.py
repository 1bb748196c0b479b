"""Times that are handed over as such: `--at` and `--since` as a user writes them, a stamp in a file's name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

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


# `2019-12-03`, and behind it a clock: ` 16.35`, `_16-35-10`, `T163510Z`, ` at 16.35`; or `20191203_163510`. Eight digits
# alone are as often an article's number, or the day it came out.
_CLOCK = (
    r"(?:[T _-]|[ _]at[ _])([0-9]{2})(?:[.:_h-]([0-9]{2})(?:[.:_m-]([0-9]{2}))?"
    r"|(?<=[T _][0-9]{2})([0-9]{2})([0-9]{2})?(?!-[0-9]))(?![0-9])"
)
_ZONE = r"( ?Z| ?UTC|\+[0-9]{2}:?[0-9]{2})?(?![0-9A-Za-z]| ?[AaPp]\.?[Mm])"
_APART = rf"(?<![0-9=])(?<!%3[Dd])([0-9]{{4}})([-._])([0-9]{{2}})\2([0-9]{{2}})(?![0-9])(?:{_CLOCK}{_ZONE})?"
_TIGHT = rf"(?<![0-9=])(?<!%3[Dd])([0-9]{{8}})[T_-]([0-9]{{6}}){_ZONE}"
_NOON = 12


class Told(NamedTuple):
    """A time that the user or a file's name tells: `at`, aware, UTC; of a `day` without a clock its noon."""

    at: datetime
    day: bool = False


def parse_time(text: str, zone: str) -> datetime:
    """A time as a user writes it -> aware UTC.

    Read are ISO 8601 to the day or finer, 14 digits, and a whole printed date with its year: `2019.12.03`,
    `2019-12-03 16:35 KST`. Without a zone of its own it is in `zone` (IANA); without a clock it is the first moment
    of the day. TimeError for anything less, and for `03/04/2019`, which may be either of two days.
    """
    return _told(text, zone, hour=0).at


def vouched(what: date | datetime | str | None, zone: str) -> Told | None:
    """A time that the user vouches for: an aware datetime, a date, or a text as `parse_time` takes it.

    A date without a clock is a day: its noon in `zone`. TimeError for a datetime without a zone too.
    """
    if isinstance(what, str):
        return _told(what, zone, _NOON)
    if not isinstance(what, datetime):
        return Told(_noon(what, zone_named(zone)), day=True) if what else None
    if what.tzinfo is None:
        raise TimeError(str(what), "a time without a zone", "give it one: at.replace(tzinfo=...)")
    return Told(what.astimezone(UTC))


def _told(text: str, zone: str, hour: int) -> Told:
    """A time as a user writes it; a day without a clock stands for that hour of it."""
    local, text = zone_named(zone), text.strip()
    if compiled(_EITHER_WAY).match(text):
        raise TimeError(shown(text), "day and month cannot be told apart", _WAY_OUT)
    when = _iso(text) or _digits(text) or _as_printed(text, local)
    if when is None:
        raise TimeError(shown(text), "not a time", _WAY_OUT)
    day = not isinstance(when, datetime)
    moment = when if isinstance(when, datetime) else datetime.combine(when, time(hour))
    try:
        return Told((moment if moment.tzinfo else moment.replace(tzinfo=local)).astimezone(UTC), day)
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


def time_in_name(name: str, zone: str) -> Told | None:
    """The time that a file's name or path tells: 14 digits as `stamp_in_name` reads them, else a day, or a day and a
    clock, in the file's own name, in `zone` unless it names its own: `x_2019-12-03.html`, `x 2019-12-03 16.35.html`.

    None if there is none, or the name holds two different ones.
    """
    if stamp := stamp_in_name(name):
        return Told(stamp)
    base, local = name.replace("\\", "/").rpartition("/")[2], zone_named(zone)
    apart = (
        (y + m + d, (h, n or n2, s or s2), z)
        for y, _, m, d, h, n, s, n2, s2, z in compiled(_APART).findall(base)
    )
    tight = ((day, (c[:2], c[2:4], c[4:]), z) for day, c, z in compiled(_TIGHT).findall(base))
    found = {told for parts in (*apart, *tight) if (told := _in_name(*parts, local))}
    return found.pop() if len(found) == 1 else None


def _in_name(day: str, clock: tuple[str, ...], zone: str, local: tzinfo) -> Told | None:
    """The time in the parts of a name. A clock that is none leaves the day."""
    noon = _digits(f"{day}120000")
    if noon is None or noon.year not in YEARS:
        return None
    moment = _digits(day + "".join(clock).ljust(6, "0")) if clock[0] else None
    if moment is None:
        return Told(noon.replace(tzinfo=local).astimezone(UTC), day=True)
    if zone.strip():
        offset = "+00:00" if zone.strip() in ("Z", "UTC") else zone
        return Told(datetime.fromisoformat(f"{moment.isoformat()}{offset}").astimezone(UTC))
    return Told(moment.replace(tzinfo=local).astimezone(UTC))


def _noon(day: date, local: tzinfo) -> datetime:
    return datetime.combine(day, time(_NOON), local).astimezone(UTC)


def _iso(text: str) -> date | datetime | None:
    """ISO 8601 to the day at least: `2019`, which the standard allows, is no time to vouch for."""
    if not compiled(_TO_THE_DAY).fullmatch(text):
        return None
    from dateutil.parser import isoparse

    try:
        when = isoparse(text)
        return when if compiled("[T ]").search(text) else when.date()
    except ValueError:
        return None


def _as_printed(text: str, local: tzinfo) -> date | datetime | None:
    """A date as pages print it, if it is the whole text and leaves nothing open."""
    found = date_at(text, 0, len(text))
    if found is None or found.year is None or found.zone_shared or text[found.end :].strip(". "):
        return None
    day = found.day_in(found.year)
    return found.moment(day, local, hour=0) if day and found.clock else day
