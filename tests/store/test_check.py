"""Checking ids: what DuckDB's spelling of the rows says is what the model says, whatever was altered; and a store with what
was read differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import BITCOIN, NAMELESS, RIPPLE, block, blocks, empty_store, series

from tracker.finder import find
from tracker.frame import NAMES, rows, schema
from tracker.model import CAPTURE_DIGITS, COLUMNS, READ_DIFFERENTLY, Block, Quote
from tracker.pages import pages
from tracker.store import check
from tracker.store.file import SESSION
from tracker.store.tables import TYPES

SEEDS = Path(__file__).parents[2] / "seeds"
Row = dict[str, Any]
PRINTED = "rank name symbol currency price change_pct change_abs change_window row_text".split()


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A store's two tables without their rules, so that nothing keeps broken rows out."""
    with duckdb.connect() as con:
        con.execute(SESSION)
        con.execute(f"CREATE TABLE quotes ({', '.join(f'{c.name} {TYPES[c.kind]}' for c in COLUMNS)})")
        con.execute("CREATE TABLE snapshots (snapshot_id VARCHAR, capture_id VARCHAR, read_by INTEGER)")
        yield con


def tidy(made: Block) -> list[Row]:
    return [dict(zip(NAMES, row, strict=True)) for row in rows([made])]


def put(con: duckdb.DuckDBPyConnection, held: list[Row]) -> None:
    """These rows and nothing else, each snapshot listed with the capture that its id tells."""
    table = pa.Table.from_pylist(held, schema())
    con.execute("DELETE FROM quotes")
    con.execute("DELETE FROM snapshots")
    con.register("given", table)
    con.execute("INSERT INTO quotes SELECT * FROM given")
    own = f"left(snapshot_id, {CAPTURE_DIGITS})"
    con.execute(f"INSERT INTO snapshots SELECT DISTINCT snapshot_id, {own}, 1 FROM quotes")


def stated(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Every snapshot as `check` takes it from the store."""
    return con.execute(check.IDENTITIES.format(1, 0)).fetchall()


def of_the_model(held: list[Row]) -> bool:
    """Whether the model gives these rows the ids that they have, as far as the rows tell."""
    first = held[0]
    quotes = tuple(
        Quote(
            *(row[name] for name in PRINTED), tuple(flag for flag in row["flags"] if flag != READ_DIFFERENTLY)
        )
        for row in held
    )
    page = ("observed_at", "time_basis", "captured_at", "published_at", "url", "layout", "source")
    made = block(quotes=quotes, **{name: first[name] for name in page})
    own, told = first["snapshot_id"][:CAPTURE_DIGITS], first["snapshot_id"][CAPTURE_DIGITS:]
    known = made.url is not None and made.captured_at is not None
    return (
        made.block_id == first["block_id"]
        and made.snapshot_id[CAPTURE_DIGITS:] == told
        and (not known or made.capture_id == own)
    )


ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=3, minutes=30, seconds=1))]
)
ALTERED = [name for name in NAMES if name not in ("site", "source", "rank", "row_text")]  # no part of an id
OF_A_ROW = {"name", "symbol", "currency", "price", "change_pct", "change_abs", "change_window", "flags"}


def zoned(made: Block, zone: timezone) -> Block:
    seen, taken = (when and when.astimezone(zone) for when in (made.observed_at, made.captured_at))
    return replace(made, observed_at=seen, captured_at=taken)


@st.composite
def stores(draw: st.DrawFn) -> list[Row]:
    """The rows of some blocks; in some snapshots something is what it is elsewhere."""
    held = list[Row]()
    for made in draw(st.lists(blocks(), min_size=1, max_size=3, unique_by=lambda one: one.snapshot_id)):
        mine, other = tidy(zoned(made, draw(ZONES))), tidy(draw(blocks()))
        name = draw(st.one_of(st.none(), st.sampled_from(ALTERED)))
        for row in mine[: 1 if name in OF_A_ROW else None]:
            row.update({name: other[0][name]} if name else {})
        held += mine
    return held


@settings(max_examples=15, deadline=None)
@given(held=stores())
def test_the_verdict_on_ids_is_that_of_the_model(con: duckdb.DuckDBPyConnection, held: list[Row]) -> None:
    put(con, held)
    mine = {snapshot: [*of_it] for snapshot, of_it in groupby(held, lambda row: str(row["snapshot_id"]))}
    for found in stated(con):
        spelled, named = check._spelled(*found), check._named(*found)
        assert spelled <= named, "what DuckDB's spelling lets through, the model lets through"
        assert (spelled or named) == of_the_model(mine[found[0]])


ODD = (
    replace(BITCOIN, price=Decimal("999999999999999999.999999999999"), change_pct=Decimal("-0.0001")),
    replace(RIPPLE, price=Decimal("0.000000000001"), change_abs=Decimal("-100"), name='비"트\\코인\t/é😀'),
    replace(NAMELESS, currency=None, change_window=None, flags=("name-missing", "partial")),
)
MICROSECOND = datetime(2019, 12, 3, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=9)))
ORDINARY = {
    "made": block(),
    "odd": block(quotes=ODD, observed_at=MICROSECOND, captured_at=MICROSECOND),
    "without a time": block(observed_at=None, time_basis="none", published_at=MICROSECOND),
    "without an address": block(url=None),
    "many": series(7, 8)[0],
    **{path.stem: next(iter(find(next(iter(pages(path)))))) for path in sorted(SEEDS.glob("*.txt"))[:2]},
}


@pytest.mark.parametrize("made", ORDINARY.values(), ids=ORDINARY)
def test_duckdb_spells_ordinary_rows_to_the_letter(con: duckdb.DuckDBPyConnection, made: Block) -> None:
    """Else every snapshot would be put together in Python: right, and many times as slow."""
    held = tidy(made)
    held[0]["flags"].append(READ_DIFFERENTLY)  # as the store says it of a row: no part of an id
    put(con, held)
    (found,) = stated(con)
    assert check._spelled(*found)


# What was altered, and the rule that is broken by it, in turn.
ALTERATIONS = (
    ("SELECT 1", None),
    ("UPDATE quotes SET price = price + 0.000000000001 WHERE rank = 4", "ids must be"),
    ("UPDATE quotes SET flags = [] WHERE rank = 1", "as they were stored"),
)


def test_what_was_read_differently_is_told_and_checked_like_the_rest(tmp_path: Path) -> None:
    store = empty_store(tmp_path / "tracker.duckdb")
    rows = (BITCOIN, *(replace(BITCOIN, rank=rank, symbol=None, name=f"N{rank}") for rank in (2, 3, 4)))
    other = (replace(BITCOIN, price=Decimal("8692001")), *rows[1:])
    store.add([block(quotes=rows, layout="one"), block(quotes=other, source="x", content_id="x")])
    for statement, rule in ALTERATIONS:
        with duckdb.connect(str(store.path)) as tampering:
            tampering.execute(statement)
        checked = store.check()
        if rule is None:
            assert ([row["quotes"] for row in checked.different], checked.breaches) == ([4], [])
        else:
            assert [breach for breach in checked.breaches if rule in breach.rule]
