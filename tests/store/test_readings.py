"""Any readings of some captures, in any order: one observation a block and capture, the one that tells most, nothing lost.

The world is small and has all that quarrels: two captures, of an address and time and of a content alone; pages with a
ticker in the head and a list that shows its coins too; a WARC, its WET without signs, a copy of the WARC under another name;
layouts tried or not; two readers, of which the newer refuses a row of the list, sees no ticker in the WET, another price.
What is expected is said here once more, in Python, with the blocks' names at hand, which the store has to find out.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import BITCOIN, RIPPLE, block

from tracker.errors import TrackerError
from tracker.frame import arrow
from tracker.model import GENERIC, Block, Quote
from tracker.store import Store, superseding
from tracker.store import file as store_file
from tracker.store.tables import SCHEMA

COINS = tuple(
    replace(BITCOIN, rank=rank, name=name, symbol=name, price=Decimal(840 // rank), row_text=name)
    for rank, name in enumerate("ABCDEFGH", 1)
)
TICKER = tuple(replace(coin, rank=rank) for rank, coin in enumerate((COINS[1], COINS[4]), 1))
TEXTS = {"warc": "whole", "copy": "whole", "wet": "plain"}


@dataclass(frozen=True)
class Reading:
    """One page read once; or, if `export`, what an export of a store that has only that says of it."""

    capture: int
    container: str
    layouts: bool
    reader: int
    export: bool = False

    @property
    def origin(self) -> str:
        return f"{self.capture}-{self.container}"

    def blocks(self) -> dict[str, Block]:
        """What was found, by the name of the block."""
        found = {"list": self._block("list", tuple(self._list()), 40, "one" if self.layouts else GENERIC)}
        if not (self.container == "wet" and self.reader == 2):
            found["ticker"] = self._block("ticker", TICKER, 0, GENERIC)
        return found

    def _list(self) -> Iterator[Quote]:
        for coin in COINS:
            if coin.name == "H" and self.reader == 2:
                continue
            if coin.name == "C" and self.reader == 2:
                coin = replace(coin, price=Decimal("301"))
            yield replace(coin, change_pct=None) if self.container == "wet" else coin

    def _block(self, name: str, quotes: tuple[Quote, ...], start: int, layout: str) -> Block:
        known = {"url": None} if self.capture else {}
        text = f"text {self.capture}" if self.capture else f"{TEXTS[self.container]} text"
        return block(
            quotes=quotes, layout=layout, start=start, end=start + 30, read_by=self.reader, content_id=text,
            source=f"{self.container}#{self.capture}", origin=self.origin + "-own" * (layout != GENERIC), **known,
        )  # fmt: skip

    def into(self, store: Store) -> None:
        if self.export:
            store.load(arrow(self.blocks().values()))
        else:
            own = self.origin + "-own" * self.layouts
            store.add(self.blocks().values(), [(own, self.origin, self.reader)])


def expected(readings: Iterable[Reading]) -> set[str]:
    """The snapshots that must stand."""
    told: dict[str, tuple[str, int, Block]] = {}  # by id: the block's name, who read it last, the block
    newest: dict[str, int] = {}  # who went through a source, or read a text, last
    for one in readings:
        names = [one.origin, *[one.origin + "-own"] * one.layouts]
        for name, found in one.blocks().items():
            reader = 0 if one.export else one.reader
            last = told.get(found.snapshot_id, ("", -1, found))
            if (reader, found.origin or "") > (last[1], (last[1] and last[2].origin) or ""):
                told[found.snapshot_id] = (name, reader, found)
            names.append(f"text {found.capture_id} {found.content_id}")
        for name in () if one.export else names:
            newest[name] = max(newest.get(name, 0), one.reader)
    best: dict[tuple[str, str], tuple[tuple[object, ...], str]] = {}
    for key, (name, reader, found) in told.items():
        sources = (found.origin or "", f"text {found.capture_id} {found.content_id}")
        if reader and any(newest.get(source, 0) > reader for source in sources):
            continue
        values = sum(quote.change_pct is not None for quote in found.quotes)
        rank = (-len(found.quotes), -values, found.layout == GENERIC, -reader, key)
        place = (found.capture_id, name)
        best[place] = min(best.get(place, (rank, key)), (rank, key))
    return {key for _, key in best.values()}


READINGS = st.builds(
    Reading,
    capture=st.integers(0, 1),
    container=st.sampled_from([*TEXTS]),
    layouts=st.booleans(),
    reader=st.integers(1, 2),
    export=st.booleans(),
)
CUTS = ("RANKED", "FLAGGED", "DIFFER")  # statements at which the power goes


def cut(one: Reading, store: Store, at: str) -> None:
    """Begin to store a reading; in the middle of it there is an end. Where it comes so far, nothing may be left of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(superseding, at, "SELECT error('power cut')")
        before = state(store)
        try:
            one.into(store)
        except (TrackerError, duckdb.Error):
            assert state(store) == before


def state(store: Store) -> list[dict[str, object]]:
    return store.history(all_readings=True)


class Memory:
    """A store's file without the file: a property needs many, and opening costs more than what it asks."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        for statement in (store_file.SESSION, *SCHEMA):
            self.con.execute(statement)

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.con.cursor() as con:
            con.execute(store_file.SESSION)
            yield con

    reading = writing


def store_in_memory() -> Store:
    store = Store("memory.duckdb")
    store._file = Memory()  # type: ignore[assignment]
    return store


@settings(max_examples=6)
@given(
    readings=st.lists(READINGS, min_size=1, max_size=4),
    cuts=st.dictionaries(st.integers(0, 3), st.sampled_from(CUTS), max_size=1),
    seed=st.integers(0, 1000),
)
def test_whatever_the_order_one_observation_stands(
    readings: list[Reading], cuts: dict[int, str], seed: int
) -> None:
    others = random.Random(seed).sample(readings, len(readings))
    seen: list[set[tuple[object, ...]]] = []
    for order in (readings, others):
        store = store_in_memory()
        for number, one in enumerate(order):
            if number in cuts:
                cut(one, store, cuts[number])
            one.into(store)
        seen.append({(row["snapshot_id"], *row["flags"]) for row in store.history()})
        assert {row["snapshot_id"] for row in store.history()} == expected(readings)
        everything = {found.snapshot_id for one in readings for found in one.blocks().values()}
        assert {row["snapshot_id"] for row in state(store)} == everything
        assert store.check().breaches == []
    assert seen[0] == seen[1]


def test_the_names_of_the_world_are_found_out() -> None:
    """The ticker's coins are all in the list: only what else is there tells the two apart."""
    assert {(quote.name, quote.price) for quote in TICKER} < {(quote.name, quote.price) for quote in COINS}
    assert RIPPLE.name not in {quote.name for quote in COINS}
