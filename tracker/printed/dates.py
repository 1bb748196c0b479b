"""Printed dates and clocks -> parts: as Korean, Japanese, English and other European pages print them.

Nothing is guessed. `03/04/2019` is the 3rd of April or the 4th of March, so it is no date here; `19.12.03` is none
either; `CST` is the name of several zones, so it names none. A clock without a date is never a reading.

Every pattern has a bounded width, and a text is read from left to right once: a hostile one costs no more than
its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache

from .zones import ZONE_NAMES, zone_called

YEARS = range(1990, 2100)  # a web page prints no others as its own time

_MONTHS = """
    january jan januar jänner janvier janv enero ene janeiro gennaio
    february feb februar février fevrier févr febrero fevereiro fev febbraio
    march mar märz mär maerz mars marzo março marco
    april apr avril avr abril abr aprile
    may mai mayo maio maggio
    june jun juni juin junio junho giugno
    july jul juli juillet juil julio julho luglio
    august aug août aout agosto
    september sep sept septembre septiembre setembro settembre
    october oct oktober okt octobre octubre outubro ottobre
    november nov novembre noviembre novembro
    december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre
"""  # a line a month: English, German, French, Spanish, Portuguese, Italian

_MORNING = ("a", "오전", "午前", "上午")
_EVENING = ("p", "오후", "午後", "下午")
_WEEKDAYS = ("월月mo", "화火tu", "수水we", "목木th", "금金fr", "토土sa", "일日su")  # Monday first

Parts = Mapping[str, str | None]  # a pattern's named groups


@dataclass(frozen=True, slots=True)
class Printed:
    """One date as printed, perhaps with a clock.

    start, end   where it stands in the text
    year         None if it was not printed; month and day always are
    clock        local, without a zone; None for a bare day
    zone         the zone or offset printed beside the clock
    zone_shared  a zone was printed, by a name that is unknown or that several zones bear: `zone` is None
    weekday      0 for Monday
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int
    clock: time | None = None
    zone: tzinfo | None = None
    zone_shared: bool = False
    weekday: int | None = None

    def day_in(self, year: int) -> date | None:
        """The day of that year; None if there is none (29 February)."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def on_day(self, other: Printed) -> bool:
        """Both print the same day, with its year."""
        return (self.year, self.month, self.day) == (other.year, other.month, other.day)

    def moment(self, day: date, zone: tzinfo, hour: int) -> datetime:
        """The moment on `day` in UTC, by the printed zone or else `zone`; a bare day stands for its local `hour`."""
        return datetime.combine(day, self.clock or time(hour), self.zone or zone).astimezone(UTC)


def dates_in(text: str, start: int, end: int, month_first: bool = False) -> Iterator[Printed]:
    """Every date that stands in text[start:end], in order, none overlapping.

    month_first: a yearless `10/8` is month and day, as East Asian pages print it; otherwise it is a date only if
    one of the two is above 12. Such a pair needs a clock or a weekday beside it, else it is a fraction.
    """
    pos = start
    while lead := compiled(_START).search(text, pos, end):
        found = date_at(text, lead.start(), end, month_first)
        pos = found.end if found else lead.end()
        if found:
            yield found


def date_at(text: str, pos: int, end: int, month_first: bool = False) -> Printed | None:
    """The date, before or after its clock, that begins at `pos` exactly; None if none does."""
    day = _first(_DAYS, text, pos, end)
    if day is None:
        return _clock_then_day(text, pos, end, month_first)
    weekday = compiled(_WEEKDAY_AFTER).match(text, day.end(), end)
    stop = weekday.end() if weekday else day.end()
    join = compiled(_DAY_TO_CLOCK).match(text, stop, end)
    clock = clock_at(text, join.end(), end) if join else None
    if clock is None and compiled(_MORE_DIGITS).match(text, stop, end):
        return None  # `2019.12.03.1` is a version or an address
    parts = day.groupdict() | (weekday.groupdict() if weekday else {}) | (clock.groupdict() if clock else {})
    found = _printed(parts, pos, clock.end() if clock else stop, month_first)
    if found is None and parts.get("first"):  # `14.05 Uhr, 22. Mai 2018` begins as a pair does
        return _clock_then_day(text, pos, end, month_first)
    return found


def _clock_then_day(text: str, pos: int, end: int, month_first: bool) -> Printed | None:
    """`10:00pm ET on Feb 27, 2024`."""
    clock = clock_at(text, pos, end)
    join = compiled(_CLOCK_TO_DAY).match(text, clock.end(), end) if clock else None
    day = _first(_DAYS, text, join.end(), end) if join else None
    if clock is None or day is None:
        return None
    return _printed(clock.groupdict() | day.groupdict(), pos, day.end(), month_first)


def clock_at(text: str, pos: int, end: int) -> re.Match[str] | None:
    """The clock that begins at `pos`, if there is such a time; its groups are for `clock_of`."""
    found = _first(_CLOCKS, text, pos, end)
    return found if found and clock_of(found.groupdict()) else None


def date_of(match: re.Match[str]) -> Printed | None:
    """What a layout's pattern caught in its named groups: month (a number or a name), day, and if there year, hour,
    minute, second, ampm, zone. None if these make no date."""
    return _printed(match.groupdict(), match.start(), match.end(), month_first=True)


def _printed(parts: Parts, start: int, end: int, month_first: bool) -> Printed | None:
    """Parts as caught -> a date, if they make one."""
    year, (month, day), clock = _number(parts, "year"), _month_day(parts, month_first), clock_of(parts)
    name = (parts.get("zone") or parts.get("named")) if clock else None
    zone = zone_called(name) if name else None
    weekday = _weekday(parts.get("weekday"))
    found = Printed(start, end, year, month, day, clock, zone, bool(name) and zone is None, weekday)
    if year is not None:
        return found if year in YEARS and found.day_in(year) else None
    fraction = parts.get("first") and clock is None and weekday is None
    return None if fraction or found.day_in(2000) is None else found


def _month_day(parts: Parts, month_first: bool) -> tuple[int, int]:
    """Month and day where the print leaves no doubt which is which, else (0, 0)."""
    if not parts.get("first"):
        name = (parts.get("month") or "").lower()
        return _number(parts, "month") or _months().get(name.rstrip("."), 0), _number(parts, "day") or 0
    first, other, yearless = int(parts["first"] or 0), int(parts["other"] or 0), not parts.get("year")
    if parts["mark"] == "." and not yearless:
        return other, first  # 03.12.2019: with dots and the year at the end, the day comes first
    if first == other or other > 12 or (month_first and yearless):
        return first, other
    return (other, first) if first > 12 else (0, 0)


def clock_of(parts: Parts) -> time | None:
    """The clock; None if there is none, or no such time (`25:00`, `오전 16:35`)."""
    hour = _number(parts, "hour")
    if hour is None:
        return None
    half = (parts.get("ampm") or parts.get("before") or parts.get("after") or "").strip().lower()
    if half.startswith(_EVENING) and hour < 12:
        hour += 12
    elif half.startswith(_MORNING):
        hour = 0 if hour == 12 else hour if hour < 12 else 24
    try:
        return time(hour, _number(parts, "minute") or 0, _number(parts, "second") or 0)
    except ValueError:
        return None


def _number(parts: Parts, name: str) -> int | None:
    text = (parts.get(name) or "").strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _weekday(name: str | None) -> int | None:
    key = name[:2].lower() if name else "?"
    return next((i for i, names in enumerate(_WEEKDAYS) if key in names), None)


def _first(forms: tuple[str, ...], text: str, pos: int, end: int) -> re.Match[str] | None:
    """The first of the forms that stands at `pos`."""
    for form in forms:
        if found := compiled(form).match(text, pos, end):
            return found
    return None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when it is first needed and once: importing costs nothing."""
    return re.compile(pattern)


@cache
def _months() -> dict[str, int]:
    lines = _MONTHS.strip().splitlines()
    return {name: number for number, line in enumerate(lines, 1) for name in line.split()}


# The grammar. SPACE is one space within a line.

SPACE = r"[ \t\u00a0\u3000]"
_S = SPACE
_DAYNAME = (
    r"(?i:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
    r"|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|(?:Lun|Mar|Mercre|Jeu|Vendre|Same)di|Dimanche"
    r"|Lunes|Martes|Miércoles|Jueves|Viernes|Sábado|Domingo)"
)
_HALF = r"오전|오후|午前|午後|上午|下午|[AaPp]\.?[Mm]\.?"

# Where a date may begin: a number that is no tail of another, or a name before a number.
_START = (
    rf"(?<![0-9A-Za-z.,/-])(?<![0-9]:)(?:(?:[0-9]{{4}}|[0-9]{{1,2}}(?![0-9]))(?={_S}?(?:[-./:º]|[^\W\d_]))"
    rf"|{_DAYNAME},?{_S}|(?:{_HALF}){_S}?(?=[0-9])|[^\W\d_]{{3,10}}\.?{_S}(?=[0-9]))"
)

# The ways to print a day: groups year, month, day; or first, other, mark where the order is in question.
_DAY = r"(?P<day>[0-9]{1,2})"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?:(?![0-9])|(?=[0-9]{1,2}:[0-5]))"  # `2019.12.0316:35` and
_GLUED = r"(?P<day>[0-9]{2}(?=[0-9]{2}:[0-5])|[0-9]{1,2}(?![0-9]))"  # `May 20, 20214:35 PM` leave no doubt
_CJK = rf"(?P<month>[0-9]{{1,2}}){_S}?[월月]{_S}?{_DAY}{_S}?[일日]"
_PAIR = r"(?P<first>[0-9]{1,2})", r"(?P<other>[0-9]{1,2})(?![0-9])"
_NAMED = rf"(?:(?P<weekday>{_DAYNAME}),?{_S})?"
_MONTHNAME = r"(?P<month>[^\W\d_]{3,10})"
_DAYS = (
    rf"{_YEAR}{_S}?(?P<mark>[-./]){_S}?(?P<month>[0-9]{{1,2}}){_S}?(?P=mark){_S}?{_GLUED}",
    rf"{_YEAR}{_S}?[년年]{_S}?{_CJK}",
    _CJK,
    rf"{_PAIR[0]}{_S}?(?P<mark>[-./]){_S}?{_PAIR[1]}{_S}?(?P=mark){_S}?{_YEAR}",
    rf"{_PAIR[0]}(?P<mark>/){_PAIR[1]}",
    r"(?P<first>[01][0-9])(?P<mark>[.-])(?P<other>[0-3][0-9])(?![0-9%,])",
    rf"{_NAMED}{_DAY}(?:st|nd|rd|th|er|º|\.)?(?:{_S}(?:of{_S}|de{_S})?|-)"
    rf"{_MONTHNAME}(?:\.?,?{_S}(?:de{_S})?|-){_YEAR}",
    rf"{_NAMED}{_MONTHNAME}\.?{_S}{_DAY}(?![0-9])(?:st|nd|rd|th)?(?:,?{_S}{_YEAR})?(?![:.,][0-9])",
)

# The ways to print a clock: groups before or after (the half of the day), hour, minute, second, zone.
_HOUR, _MINUTE = r"(?P<hour>[0-9]{1,2})", r"(?P<minute>[0-5][0-9])"
_BEFORE = rf"(?:(?P<before>{_HALF}){_S}?)?{_HOUR}"
_AFTER = rf"{_S}?(?P<after>[AaPp](?:[Mm]\b|\.{_S}?[Mm]\b\.?))"
_ZONENAME = "|".join(ZONE_NAMES)
_ZONE = (
    rf"(?:{_S}?\(?(?P<zone>(?:UTC|GMT)[+−-][0-9]{{1,2}}(?::?[0-9]{{2}})?(?![0-9])"
    r"|[+−-](?:(?:0[0-9]|1[0-4]):[0-5][0-9]|0[0-9][0-5][0-9])(?![0-9.,%])"  # a bare `+1200` may be a change
    rf"|(?:{_ZONENAME})(?![A-Za-z]))\)?)?"
)
_CLOCKS = (
    rf"{_BEFORE}:{_MINUTE}(?::(?P<second>[0-5][0-9])(?:[.,][0-9]{{1,9}})?)?(?![0-9:])"
    rf"(?:{_AFTER}|{_S}?Uhr\b|{_S}?hrs?\b)?{_ZONE}",
    rf"{_BEFORE}{_S}?[시時](?![간間])"
    rf"(?:{_S}?(?P<minute>[0-5]?[0-9]){_S}?[분分](?:{_S}?(?P<second>[0-5]?[0-9]){_S}?[초秒])?)?{_ZONE}",
    rf"{_HOUR}{_S}?h{_S}?{_MINUTE}(?![0-9]){_ZONE}",
    rf"{_HOUR}{_AFTER}{_ZONE}",
    rf"{_HOUR}\.{_MINUTE}{_S}(?:Uhr\b{_ZONE}|(?P<named>{_ZONENAME})(?![A-Za-z]))",
    rf"{_HOUR}{_S}Uhr\b{_ZONE}",
)

# What stands between them. A weekday of one letter needs its bracket or its ending: `화웨이` is no Tuesday.
_WEEKDAY_AFTER = (
    rf"\.?{_S}?[(（\[]?(?P<weekday>(?<=[(（\[])[월화수목금토일月火水木金土日]|[월화수목금토일](?=요일)"
    rf"|[月火水木金土日](?=曜)|{_DAYNAME}\b)(?:요일|曜日?)?[)）\]]?"
)
_DAY_TO_CLOCK = rf"T|[.,]?{_S}{{0,2}}[,·•|–—-]?{_S}{{0,2}}(?:(?:at|à|um|às|alle(?:{_S}ore)?|ore|kl\.?|a{_S}las?){_S})?[(\[]?"
_CLOCK_TO_DAY = rf"{_S}?[,·•|–—-]?{_S}?(?:(?:on|am|le|el|del|il|em|de){_S})?"
_MORE_DIGITS = "[-./][0-9]"
