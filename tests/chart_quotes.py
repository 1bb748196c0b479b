"""Quotes made for the tests of charts and report: blocks of the real model, through the real table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pandas as pd

from tracker.frame import frame
from tracker.model import Block, Quote

START = datetime(2024, 3, 1, tzinfo=UTC)
_numbers = count()


def quote(symbol: str | None, price: float | str, change: float | str | None = None, **more: Any) -> Quote:
    """A quote in won, named like its symbol unless `name` says otherwise."""
    known: dict[str, Any] = {
        "rank": 1, "name": symbol, "symbol": symbol, "currency": "KRW", "price": Decimal(str(price)),
        "change_pct": None if change is None else Decimal(str(change)), "change_abs": None, "change_window": "24h",
        "row_text": f"{symbol} {price} {change}", "flags": (),
    }  # fmt: skip
    return Quote(**(known | more))


def block(
    when: datetime | None, quotes: Iterable[Quote], basis: str = "capture", site: str | None = "a.kr"
) -> Block:
    """A block of a page of its own on that site; without a time its basis is `none`."""
    number = next(_numbers)
    return Block(
        layout="made", start=0, end=1, quotes=tuple(replace(q, rank=n) for n, q in enumerate(quotes, 1)), refused=(),
        observed_at=when, time_basis=basis if when else "none", captured_at=when if basis == "capture" else None,
        published_at=when if basis == "published" else None, url=f"https://{site}/{number}" if site else None,
        source=f"page{number}.txt", content_id=f"{number:032x}",
    )  # fmt: skip


def table(*blocks: Block) -> pd.DataFrame:
    """The tidy table of these blocks."""
    return frame(blocks)


def hours(*numbers: float) -> list[datetime]:
    """Times, so many hours after START."""
    return [START + timedelta(hours=n) for n in numbers]


def line(
    times: Sequence[datetime | None], prices: Iterable[float], symbol: str | None = "BTC", basis: str = "capture",
    site: str | None = "a.kr", **more: Any,
) -> list[Block]:  # fmt: skip
    """One coin's history: a block for each time and price."""
    pairs = zip(times, prices, strict=True)
    return [block(when, [quote(symbol, price, **more)], basis, site) for when, price in pairs]
