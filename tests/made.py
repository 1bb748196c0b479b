"""Blocks made for the tests of the table: one by hand, series of them, and any at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from tracker.model import TIME_BASES, Block, Quote
from tracker.store import Store

NOON = datetime(2019, 12, 3, 12, tzinfo=UTC)

BITCOIN = Quote(
    1,
    "비트코인",
    "BTC",
    "KRW",
    Decimal("8692000"),
    Decimal("-2.13"),
    None,
    "24h",
    "비트코인 8,692,000 -2.13%",
)
RIPPLE = replace(BITCOIN, rank=2, name="리플", symbol="XRP", price=Decimal("63.7"), row_text="- 리플 63.7")
NAMELESS = replace(
    RIPPLE, rank=3, name=None, symbol=None, price=Decimal("41.3"), row_text="41.3", flags=("name-missing",)
)


def block(at: int = 0, **changes: Any) -> Block:
    """The block of one page at so many minutes past noon; any field may be given otherwise."""
    seen = NOON + timedelta(minutes=at)
    fields: dict[str, Any] = {
        "layout": "generic", "start": 0, "end": 9, "quotes": (BITCOIN, RIPPLE, NAMELESS), "refused": (),
        "observed_at": seen, "time_basis": "capture", "captured_at": seen, "published_at": None,
        "url": "https://www.example.co.kr/1", "source": f"crawl.warc.gz#{at}", "content_id": "c",
    }  # fmt: skip
    return Block(**{**fields, **changes})


@cache
def _blank() -> bytes:
    with TemporaryDirectory() as folder:
        Store(path := Path(folder, "blank.duckdb")).add([])
        return path.read_bytes()


def empty_store(path: Path, wait: float = 5) -> Store:
    """A store with nothing in it; a copy of one, for the tests need many."""
    path.write_bytes(_blank())
    return Store(path, wait=wait)


def series(first: int, last: int, coins: int = 24) -> list[Block]:
    """Blocks of many coins, one a minute, prices as they go."""
    return [
        block(at, quotes=tuple(_quote(at, rank) for rank in range(1, coins + 1))) for at in range(first, last)
    ]


def _quote(at: int, rank: int) -> Quote:
    return replace(BITCOIN, rank=rank, symbol=f"C{rank}", price=Decimal(at * rank + rank) / 8)


def decimals(digits: int, places: int, least: int | None = None) -> st.SearchStrategy[Decimal]:
    """Any number that fits decimal(digits,places)."""
    low = -(10**digits) + 1 if least is None else least * 10**places
    units = st.one_of(st.integers(max(low, -(10**6)), 10**6), st.integers(low, 10**digits - 1))
    return units.map(lambda n: Decimal((n < 0, tuple(map(int, str(abs(n)))), -places)))


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
CELL = st.one_of(TEXT, st.text(st.sampled_from("=+-@\t\r\n',\"; |%0a비"), max_size=6))
MAYBE = st.one_of(st.none(), CELL)
TIMES = st.one_of(st.none(), st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
PRICES = decimals(30, 12, 0).filter(bool)
FLAGS = st.lists(st.sampled_from(["partial", "rounded", "sign-lost", "name-missing"]), unique=True).map(tuple)
QUOTES = st.builds(
    Quote,
    rank=st.integers(1, 300),
    name=MAYBE,
    symbol=MAYBE,
    currency=st.sampled_from([None, "KRW", "USD"]),
    price=PRICES,
    change_pct=st.one_of(st.none(), decimals(12, 4, -100)),
    change_abs=st.one_of(st.none(), decimals(30, 12)),
    change_window=st.sampled_from([None, "24h", "1d"]),
    row_text=CELL,
    flags=FLAGS,
)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Any block that obeys the rules of the table."""
    seen = draw(TIMES)
    quotes = draw(st.lists(QUOTES, min_size=1, max_size=4, unique_by=lambda quote: quote.rank))
    return block(
        quotes=tuple(sorted(quotes, key=lambda quote: quote.rank)),
        observed_at=seen,
        time_basis=draw(st.sampled_from(TIME_BASES[:-1])) if seen else "none",
        captured_at=draw(TIMES),
        published_at=draw(TIMES),
        url=draw(st.one_of(st.none(), st.just("https://www.example.co.kr/ä?=1"), CELL)),
        source=draw(CELL),
        layout=draw(CELL),
        content_id=draw(TEXT),
        flags=draw(FLAGS),
    )
