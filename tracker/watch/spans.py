"""Spans of time as people write them: `90s`, `10m`, `2h`, `1h30m`, `1d`."""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
WRITE = "write a span such as 90s, 10m, 2h or 1d"

_words = {"min": "m", "w": "w"}
_span = re.compile(r"(?:\d{1,6}(?:\.\d{1,3})?(?:w|d|h|min|m|s))+")
_part = re.compile(r"([\d.]+)(w|d|h|min|m|s)")


def parsed(text: str) -> timedelta | None:
    """`1h30m` -> timedelta; None for what is no span, or none longer than nothing."""
    text = text.replace(" ", "").lower()
    if not _span.fullmatch(text):
        return None
    seconds = 0.0
    for number, unit in _part.findall(text):
        seconds += float(number) * (7 * UNITS["d"] if unit == "w" else UNITS[_words.get(unit, unit)])
    return timedelta(seconds=seconds) if seconds > 0 else None


def spelled(span: timedelta) -> str:
    """`2h`, `1h30m`, `1d`; nothing smaller than a second, and of a long one nothing smaller than its second unit."""
    rest = round(span.total_seconds())
    parts: list[str] = []
    for unit, size in UNITS.items():
        number, rest = divmod(rest, size)
        if number or parts:
            parts.append(f"{number}{unit}" * bool(number))
    return "".join(parts[:2]) or "0s"
