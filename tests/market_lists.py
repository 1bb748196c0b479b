"""Lists of coins as they stood at a time, out of the weekly table, for the tests of what rows say about one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from made import BITCOIN, block

from tracker.coins import costs
from tracker.model import Block, Quote

COINS = ("BTC", "ETH", "XRP", "LTC", "XLM", "TRX", "ADA")


def price(symbol: str, when: datetime, currency: str = "KRW") -> float:
    """About what a coin cost: between the middles of two weeks as the crow flies."""
    noon = when - timedelta(days=3.5)
    monday = noon.date() - timedelta(days=noon.weekday())
    spans = {day: (low * high) ** 0.5 for day, low, high in costs.weekly(symbol)}
    before, after = spans[monday], spans.get(monday + timedelta(days=7), spans[monday])
    part = (noon - datetime(monday.year, monday.month, monday.day, tzinfo=UTC)) / timedelta(days=7)
    rate = {day: low for day, low, _ in costs.rates(currency)}[when.date() - timedelta(days=when.weekday())]
    return float(before ** (1 - part) * after**part * rate * 1.02)


def printed(value: float) -> Decimal:
    """A price of six digits."""
    return Decimal(f"{value:.6g}").normalize()


def quotes(
    when: datetime, coins: Sequence[str] = COINS, currency: str = "KRW", factor: float = 1.0
) -> tuple[Quote, ...]:
    """The rows of a list, with their changes over 24 h."""
    rows = []
    for rank, symbol in enumerate(coins, 1):
        now, then = (price(symbol, moment, currency) for moment in (when, when - timedelta(days=1)))
        change = Decimal(f"{100 * (now / then - 1):.2f}")
        text = f"{symbol} {printed(now * factor):f} {change}%"
        rows.append(
            replace(
                BITCOIN,
                rank=rank,
                name=symbol,
                symbol=symbol,
                currency=currency,
                price=printed(now * factor),
                change_pct=change,
                row_text=text,
            )
        )
    return tuple(rows)


def listed(when: datetime, basis: str = "capture", **changes: Any) -> Block:
    """A block of the list of `when`; what is known of its time is told by `changes`, else it is that time."""
    told: dict[str, Any] = {
        "observed_at": None if basis == "none" else when, "time_basis": basis, "captured_at": None,
        "quotes": changes.get("quotes") or quotes(when), "url": f"https://www.example.co.kr/{when:%m%d%H%M}",
        "source": f"{when:%Y%m%dT%H%M}",
    }  # fmt: skip
    made = {**told, **changes}
    return block(**{"content_id": f"{made['url']} {made['source']}", **made})  # a capture each
