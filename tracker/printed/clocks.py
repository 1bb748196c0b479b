"""Times that a page tells from when it was served: a clock without a date (`14:05 기준`), an age (`3분 전`).

Neither is a time until it is known when the copy was taken. Every pattern has a bounded width.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta, tzinfo

from .dates import SPACE, clock_at, clock_of, compiled
from .zones import zone_called

_HALF = r"오전|오후|午前|午後|上午|下午"
_LEAD = rf"(?<![0-9A-Za-z.,:/-])(?:(?:{_HALF}){SPACE}?)?[0-9]{{1,2}}(?={SPACE}?(?:[:.시時hAaPp]|Uhr))"

# What follows or leads an amount of time to make it an age; groups n (or a word for one) and unit.
_N = r"(?P<n>[0-9]{1,3}|an?|one|eine[rm]?|une?|una?|um|uma|uno)"
_UNIT = (
    r"(?P<unit>초|분|시간|秒钟?|分钟|分鐘|分|小时|小時|時間"
    r"|(?:[Ss]ec(?:ond)?s?|[Ss]ekunden?|[Ss]econdes?|[Ss]egundos?|[Ss]econd[oi]"
    r"|[Mm]in(?:s|ut(?:en?|es?|os?|i)?s?)?|[Hh](?:(?:ou)?rs?)?|[Ss]tunden?|[Ss]td|[Hh]eures?|[Hh]oras?|[Oo]r[ae])\b\.?)"
)
_AGES = (
    rf"(?<![0-9.,:]){_N}{SPACE}?{_UNIT}{SPACE}?(?:전(?![가-힣])|ago\b|前|fa\b|geleden\b)",
    rf"\b(?:[Vv]or|[Ii]l{SPACE}y{SPACE}a|[Hh]ace|[Hh]á){SPACE}{_N}{SPACE}{_UNIT}",
)
_JUST_NOW = r"[Jj]ust now\b|방금(?: ?전)?(?![가-힣])|たった今|刚刚|gerade eben\b|à l['’]instant\b"
_SECONDS = {
    "초": 1,
    "秒": 1,
    "s": 1,
    "분": 60,
    "分": 60,
    "m": 60,
}  # by how a unit begins; all others are hours


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock without a date; zone and zone_shared as in dates.Printed."""

    start: int
    end: int
    clock: time
    zone: tzinfo | None
    zone_shared: bool


@dataclass(frozen=True, slots=True)
class Age:
    """How long before the page was served."""

    start: int
    end: int
    ago: timedelta


def clock_in(text: str, start: int, end: int) -> Clock | None:
    """The first clock of text[start:end]; for lines that hold no date."""
    for lead in compiled(_LEAD).finditer(text, start, end):
        if found := clock_at(text, lead.start(), end):
            parts = found.groupdict()
            name, clock = parts.get("zone") or parts.get("named"), clock_of(parts)
            zone = zone_called(name) if name else None
            return (
                Clock(lead.start(), found.end(), clock, zone, bool(name) and zone is None) if clock else None
            )
    return None


def age_in(text: str, start: int, end: int) -> Age | None:
    """The first age of text[start:end], if it is one of hours at most: one of days tells no clock."""
    for form in _AGES:
        if found := compiled(form).search(text, start, end):
            unit, count = found["unit"].lower(), int(found["n"]) if found["n"].isdigit() else 1
            hour = unit.startswith(("시간", "小", "時", "st", "h", "or"))
            ago = timedelta(seconds=count * (3600 if hour else _SECONDS.get(unit[0], 3600)))
            return Age(found.start(), found.end(), ago) if ago <= timedelta(days=1) else None
    now = compiled(_JUST_NOW).search(text, start, end)
    return Age(now.start(), now.end(), timedelta(0)) if now else None
