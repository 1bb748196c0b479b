"""One capture, one observation: which reading stands, what becomes of the others, and what brings them back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from at_length import some
from made import BITCOIN, NAMELESS, RIPPLE, block, empty_store

from tracker.frame import arrow
from tracker.model import READ_DIFFERENTLY, READER, Block, digest
from tracker.store import Added, Mark, Store, tables
from tracker.store.tables import SNAPSHOT

NEWER = READER + 1

ETHER = replace(
    BITCOIN, rank=2, name="이더리움", symbol="ETH", price=Decimal("174500"), row_text="이더리움 174,500"
)
LONG = (BITCOIN, ETHER, replace(RIPPLE, rank=3), replace(NAMELESS, rank=4))
HEAD = (BITCOIN, replace(RIPPLE, rank=2))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return empty_store(tmp_path / "s.duckdb")


def told(store: Store) -> list[tuple[Any, ...]]:
    """What stands: layout, source, rows."""
    found = (
        store.arrow().group_by(["snapshot_id", "layout", "source"]).aggregate([("rank", "count")]).to_pylist()
    )
    return sorted((row["layout"], row["source"], row["rank_count"]) for row in found)


def wet(**changes: Any) -> Block:
    """A reading of the same capture from another container, whose text is another."""
    return block(**{"source": "crawl.wet.gz#7", "content_id": "w", **changes})


# what there is, from the one that tells most on -> the others give way to it, whatever came first
RANKED: dict[str, tuple[Block, ...]] = {
    "rows": (block(quotes=LONG), wet(quotes=LONG[:3])),
    "values": (block(quotes=LONG), wet(quotes=(replace(BITCOIN, change_pct=None), *LONG[1:]))),
    "a layout": (wet(layout="one"), block()),
    "a newer reader": (wet(read_by=NEWER), block(flags=("partial",))),
    "evidence for the time": (block(observed_at=block(3).observed_at, time_basis="stated"), wet()),
    "fewer doubts": (block(), wet(flags=("text-repaired",))),
    "rows before a layout": (block(quotes=LONG), wet(quotes=LONG[:3], layout="one")),
    "rows of another container before a newer reader": (
        block(quotes=LONG),
        wet(quotes=LONG[:3], read_by=NEWER),
    ),
    "the newer reader of one source": (
        block(quotes=LONG[:3], read_by=NEWER),
        block(quotes=LONG, layout="one"),
    ),
    "the newer reader of one text": (
        block(quotes=LONG[:3], read_by=NEWER),
        block(quotes=LONG, source="copy.txt"),
    ),
    "what overlaps, whatever it says": (
        block(quotes=LONG),
        block(quotes=(replace(BITCOIN, price=Decimal("5")),), start=8, end=12, source="copy.txt"),
    ),
    "three": (
        block(quotes=LONG, layout="one"),
        wet(quotes=LONG),
        block(quotes=LONG[:3], source="x", content_id="x"),
    ),
}


@pytest.mark.parametrize("kind", some(RANKED, 3))
def test_the_reading_that_tells_most_stands(kind: str, tmp_path: Path) -> None:
    found = RANKED[kind]
    best, *others = found
    for number, order in enumerate((found, found[::-1], None)):
        store = empty_store(tmp_path / f"{number}.duckdb")
        for one in order or ():
            store.add([one])
        if order is None:
            assert store.add(found) == 1
        assert {row["snapshot_id"] for row in store.history()} == {best.snapshot_id}
        aside = {row["snapshot_id"]: row["superseded_by"] for row in store.history(all_readings=True)}
        assert aside == {best.snapshot_id: None, **{one.snapshot_id: best.snapshot_id for one in others}}
        assert store.check().breaches == []


def test_tallies_say_what_is_new_and_what_is_read_anew(store: Store) -> None:
    assert store.take([block(), block(1)]) == Added(2, 0, 0)
    assert store.take([block(layout="one"), block(1), block(2)]) == Added(1, 1, 0)
    assert store.take([block(layout="one"), block(), block(1), block(2)]) == Added(0, 0, 0)


def test_two_blocks_of_one_page_both_stand(store: Store) -> None:
    """A ticker in the head shows coins of the long list; so it is in every container."""
    page = [block(quotes=HEAD), block(quotes=LONG, start=20, end=60)]
    assert store.add(page) == 2
    assert store.take([wet(quotes=HEAD), wet(quotes=LONG, start=20, end=60)]) == Added(0, 0, 0)
    assert store.take(
        [wet(quotes=HEAD, layout="one"), wet(quotes=LONG, layout="one", start=20, end=60)]
    ) == Added(0, 2, 0)
    assert told(store) == [("one", "crawl.wet.gz#7", 2), ("one", "crawl.wet.gz#7", 4)]


@pytest.mark.parametrize("seen", [HEAD, LONG], ids=["head", "list"])
def test_a_container_that_lost_one_of_two_blocks_takes_none_away(store: Store, seen: Any) -> None:
    page = [block(quotes=HEAD), block(quotes=LONG, start=20, end=60)]
    store.add(page)
    store.add([wet(quotes=seen, layout="one")])
    assert sorted(rows for *_, rows in told(store)) == [2, 4]


def test_readings_that_contradict_each_other_are_flagged_and_listed(store: Store) -> None:
    store.add(
        [
            block(quotes=LONG, layout="one"),
            wet(quotes=(replace(BITCOIN, price=Decimal("8692001")), *LONG[1:])),
        ]
    )
    assert {READ_DIFFERENTLY in row["flags"] for row in store.history()} == {True}
    (listed,) = store.check().different
    assert (listed["source"], listed["quotes"]) == ("crawl.warc.gz#0", 4)
    assert store.check().breaches == []
    aside = [row for row in store.history(all_readings=True) if row["superseded_by"]]
    assert not any(READ_DIFFERENTLY in row["flags"] for row in aside)
    store.forget(snapshot=aside[0]["snapshot_id"], commit=True)
    assert not any(READ_DIFFERENTLY in row["flags"] for row in store.history())
    assert (store.check().different, store.check().breaches) == ([], [])


# -- what a newer reader does not find again


def mark(reader: int, name: str = "f") -> Mark:
    return (name, f"o-{name}", reader)


def test_what_a_newer_reader_finds_no_more_is_withdrawn_at_the_end_of_the_source(store: Store) -> None:
    first, second = (block(at, origin="o-f", source="f.txt") for at in (0, 1))
    other = block(2, origin="o-g", source="g.txt")
    store.add([first, second, other], done=[mark(READER), mark(READER, "g")])
    assert store.take([replace(second, read_by=NEWER)]) == Added(0, 0, 0)
    assert store.take([], done=[mark(NEWER)]) == Added(0, 0, 1)
    assert {row["snapshot_id"] for row in store.history()} == {second.snapshot_id, other.snapshot_id}
    (aside,) = {(row["snapshot_id"], row["superseded_by"]) for row in store.history(all_readings=True) if
                row["superseded_at"]}  # fmt: skip
    assert aside == (first.snapshot_id, None)
    assert store.take([first], done=[mark(READER)]) == Added(0, 0, 0), "an older reader has no say"
    assert len({row["snapshot_id"] for row in store.history()}) == 2


def test_an_older_reader_that_comes_later_changes_nothing(store: Store) -> None:
    store.add([], done=[mark(NEWER)])
    store.add([block(origin="o-f")], done=[mark(READER)])
    assert store.history() == []
    assert store.done(["f"]) == {"f": NEWER}


def test_a_layouts_block_is_withdrawn_only_where_the_layout_was_tried(store: Store) -> None:
    store.add([block(origin="f-own", layout="mine")], done=[("f-own", "o", READER)])
    store.add([], done=[("f", "o", NEWER)])
    assert len(store.history()) == 3
    assert store.take([], done=[("f-own", "o", NEWER)]).withdrawn == 1


# -- forgetting


def test_forgetting_a_source_brings_back_what_it_had_superseded(store: Store) -> None:
    store.add([block(), wet(layout="one"), block(5)], done=[mark(READER)])
    assert told(store) == [("generic", "crawl.warc.gz#5", 3), ("one", "crawl.wet.gz#7", 3)]
    store.forget(source="crawl.wet.gz", commit=True)
    assert told(store) == [("generic", "crawl.warc.gz#0", 3), ("generic", "crawl.warc.gz#5", 3)]
    assert len(store.history(all_readings=True)) == 6
    assert store.check().breaches == []


def test_forgetting_a_source_forgets_its_older_readings(store: Store) -> None:
    store.add([block()])
    store.add([block(quotes=(BITCOIN,), read_by=NEWER)])
    shown = store.forget(source="crawl.warc.gz")
    assert [(row["snapshots"], row["quotes"]) for row in shown] == [(2, 4)]
    assert store.forget(source="crawl.warc.gz", commit=True) == shown
    assert store.history(all_readings=True) == []


def test_what_was_superseded_is_forgotten_on_purpose(store: Store) -> None:
    assert store.forget(superseded=True) == []
    store.add([block(), wet(layout="one")], done=[mark(READER)])
    standing = store.history()
    (shown,) = store.forget(superseded=True)
    assert (shown["source"], shown["quotes"]) == ("crawl.warc.gz#0", 3)
    assert store.check().counts["superseded"] == 1
    store.forget(superseded=True, commit=True)
    assert store.history() == standing
    assert len(store.history(all_readings=True)) == 3
    assert store.done(["f"]) == {"f": READER}, "no source is to be read again for it"


# -- exports


@pytest.mark.parametrize("url", some(["https://a.kr/1", None], 2))
@pytest.mark.parametrize("best_first", [True, False])
def test_exports_are_weighed_as_pages_are(url: str | None, best_first: bool, tmp_path: Path) -> None:
    poor, rich = block(url=url, quotes=LONG[:3]), block(url=url, quotes=LONG, layout="one")
    by_pages, by_exports, mixed = (empty_store(tmp_path / f"{n}.duckdb") for n in range(3))
    for one in (rich, poor) if best_first else (poor, rich):
        by_pages.add([one])
        by_exports.load(arrow([one]))
        mixed.add([one]) if one is poor else mixed.load(arrow([one]))
    assert by_pages.history() == by_exports.history() == mixed.history()
    assert {row["layout"] for row in by_pages.history()} == {"one"}
    for store in (by_pages, by_exports, mixed):
        assert (store.check().breaches, store.check().counts["superseded"]) == ([], 1)


def test_who_read_it_is_noted_when_an_export_came_first(store: Store) -> None:
    store.load(arrow([block()]))
    assert {row["read_by"] for row in store.history(all_readings=True)} == {None}
    store.add([block(origin="o-f")], done=[mark(READER)])
    assert {row["read_by"] for row in store.history(all_readings=True)} == {READER}
    assert store.take([], done=[mark(NEWER)]).withdrawn == 1


# -- stores made before


def aged(store: Store) -> None:
    """Make it a store of version 1: ids of its own, no captures, nothing superseded, no `given-day`."""
    rules = tables.QUOTES[0].replace("'given-day', ", "")
    assert rules != tables.QUOTES[0]
    with duckdb.connect(str(store.path)) as con:
        for snapshot_id, url, when, layout, name in con.execute(
            "SELECT DISTINCT ON (snapshot_id) snapshot_id, url, observed_at, layout, name FROM quotes"
        ).fetchall():
            older = digest([url, str(when), layout, name])
            con.execute("UPDATE quotes SET snapshot_id = ? WHERE snapshot_id = ?", [older, snapshot_id])
            con.execute("UPDATE snapshots SET snapshot_id = ? WHERE snapshot_id = ?", [older, snapshot_id])
        for column in [*SNAPSHOT][3:]:
            con.execute(f"ALTER TABLE snapshots DROP {column}")
        for statement in (
            "DROP TABLE superseded", "DROP TABLE superseded_snapshots", "DROP TABLE sources",
            "CREATE TABLE sources (fingerprint VARCHAR NOT NULL)", "ALTER TABLE quotes RENAME TO newer", rules,
            "INSERT INTO quotes FROM newer", "DROP TABLE newer", "UPDATE tracker_schema SET version = 1",
        ):  # fmt: skip
            con.execute(statement)


@pytest.mark.parametrize("url", ["https://a.kr/1", None])
def test_a_store_made_before_is_read_as_it_is_and_gains_captures_when_it_is_written_to(
    url: str | None, store: Store
) -> None:
    made = [block(at, url=url, content_id=str(at)) for at in range(3)]
    store.add(made)
    aged(store)
    before = store.path.read_bytes()
    assert len(store.history()) == len(store.history(all_readings=True)) == 9
    assert (store.check().counts["snapshots"], store.done(["f"]), store.forget(superseded=True)) == (
        3,
        {},
        [],
    )
    assert store.path.read_bytes() == before
    assert store.take(made[:2]) == Added(0, 0, 0), "the same readings"
    assert store.take([replace(made[2], layout="one")]) == Added(0, 1, 0)
    assert len({row["snapshot_id"] for row in store.history()}) == 3
    assert store.check().counts["superseded"] == 1
    assert [breach for breach in store.check().breaches if url is None] == []


def test_a_store_made_before_takes_a_given_day(store: Store) -> None:
    store.add([block(), block(1)])
    aged(store)
    assert store.add([block(2, time_basis="given-day")]) == 1
    assert "given-day" in {row["time_basis"] for row in store.history()}


def test_another_page_of_the_same_name_is_no_capture_of_a_store_made_before(store: Store) -> None:
    store.add([block(url=None, captured_at=None, observed_at=None, time_basis="none")])
    aged(store)
    moved = tuple(replace(quote, price=quote.price + 1) for quote in LONG[:3])
    later = block(
        url=None, captured_at=None, observed_at=None, time_basis="none", quotes=moved, content_id="later"
    )
    assert store.add([later]) == 1
    assert len({row["snapshot_id"] for row in store.history()}) == 2
