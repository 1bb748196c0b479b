"""Tickers that changed: coins that go by another since some day, and tickers that two coins had. Data, and how to ask it.

Sources: the projects' own announcements and the notices of the exchanges that listed them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Rename(NamedTuple):
    """A coin that goes by another ticker since a day; ratio: how many of the new for one of the old."""

    old: str
    new: str
    day: date
    ratio: int


class Holder(NamedTuple):
    """A coin that a ticker meant, from its first day on up to its last; None: to this day."""

    ticker: str
    coin: str
    first: date
    last: date | None


RENAMES = (
    Rename("DRK", "DASH", date(2015, 3, 25), 1),
    Rename("MATIC", "POL", date(2024, 9, 4), 1),
    Rename("RNDR", "RENDER", date(2024, 7, 26), 1),
    Rename("FTM", "S", date(2025, 1, 16), 1),
    Rename("EOS", "A", date(2025, 5, 28), 1),
)
HOLDERS = (
    Holder("BCC", "BitConnect", date(2017, 1, 20), date(2018, 9, 10)),
    Holder("BCC", "Bitcoin Cash", date(2017, 8, 1), date(2018, 11, 15)),
    Holder("LUNA", "Terra, now LUNC", date(2019, 5, 7), date(2022, 5, 27)),
    Holder("LUNA", "Terra 2.0", date(2022, 5, 28), None),
    Holder("UST", "TerraUSD, now USTC", date(2020, 9, 21), date(2022, 5, 27)),
    Holder("TON", "Tokamak Network", date(2020, 8, 1), None),
    Holder("TON", "Toncoin", date(2021, 8, 26), None),
    Holder("S", "Sonic", date(2025, 1, 16), None),
    Holder("A", "Vaulta", date(2025, 5, 28), None),
)


def followed(symbols: Iterable[str]) -> list[str]:
    """The tickers of the same coins, before and since; those that have one only as they are."""
    found = dict.fromkeys(symbols)
    for rename in RENAMES:
        if rename.old in found or rename.new in found:
            found |= dict.fromkeys((rename.old, rename.new))
    return list(found)
