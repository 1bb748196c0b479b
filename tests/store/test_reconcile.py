"""What rows say about one another: found where it is so, silent where nothing is known, the same however it was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from at_length import some
from made import block, empty_store
from market_lists import COINS, listed, quotes

import tracker
from tracker.errors import StoreError, TrackerError
from tracker.finder import find
from tracker.frame import NAMES
from tracker.market.kinds import KINDS
from tracker.model import Block, Quote
from tracker.pages import pages
from tracker.store import Store
from tracker.store.findings import CONCLUSIONS

SEEDS = Path(__file__).parents[2] / "seeds"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
THEN = datetime(2020, 6, 10, 9, 30, tzinfo=UTC)
LATER = datetime(2021, 9, 15, 9, 30, tzinfo=UTC)
ROWS = quotes(THEN)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return empty_store(tmp_path / "tracker.duckdb")


def found(store: Store, blocks: Iterable[Block], *kinds: str) -> list[dict[str, Any]]:
    """The findings of a store with these blocks."""
    store.add(blocks)
    store.reconcile()
    return store.findings(*kinds)


def kinds(rows: Iterable[dict[str, Any]]) -> set[tuple[str, int | None]]:
    return {(row["kind"], row["rank"]) for row in rows}


def changed(rows: tuple[Quote, ...], rank: int, **fields: Any) -> tuple[Quote, ...]:
    """The same rows, one of them altered."""
    return tuple(replace(row, **fields) if row.rank == rank else row for row in rows)


def times(rows: tuple[Quote, ...], factor: float) -> tuple[Quote, ...]:
    return tuple(replace(row, price=row.price * Decimal(factor).normalize()) for row in rows)


def of_seed(name: str) -> Block:
    (page,) = pages(SEEDS / name)
    (found,) = find(page)
    return found


# -- time


def test_the_first_page_is_of_the_week_of_its_article(store: Store) -> None:
    rows = found(store, [of_seed("000_35ec38ae2d22f11d.txt")])
    assert kinds(rows) == {("priced", None), ("time-confirmed", None), ("symbol-ambiguous", 14)}
    priced = store.quotes(findings=True).iloc[0]
    assert f"{priced.priced_from:%F}" <= "2019-12-03" < f"{priced.priced_until:%F}"
    assert priced.priced_until - priced.priced_from <= timedelta(days=21) and priced.priced_fit == "23/23"


@pytest.mark.parametrize("path", some(sorted(SEEDS.glob("ebn-*.txt")), 3), ids=lambda path: path.stem)
def test_an_article_of_years_ago_with_the_prices_of_its_capture(store: Store, path: Path) -> None:
    """As printed the day is confirmed; with the article's date alone it is contradicted, and the true day is in the span."""
    seen = of_seed(path.name)
    published = replace(seen, observed_at=seen.published_at, time_basis="published", content_id="other")
    rows = found(store, [seen, published])
    assert seen.observed_at
    spans = [row["value"].partition(" ")[0].split("/") for row in rows if row["kind"] == "priced"]
    assert len(spans) == 2 and all(one <= f"{seen.observed_at:%FT%TZ}" < other for one, other in spans)
    assert [row["time_basis"] for row in rows if row["kind"] == "time-confirmed"] == ["stated-day"]
    assert [row["time_basis"] for row in rows if row["kind"] == "time-contradicted"] == ["published"]


def test_an_undated_list_is_dated_by_its_neighbours_to_days(store: Store) -> None:
    when = datetime(2020, 3, 12, 9, tzinfo=UTC)  # a week in which much moved
    dated = [listed(when + n * DAY) for n in range(-3, 4)]
    store.add([*dated, listed(when + 5 * HOUR, "none", content_id="u", url=None)])
    store.reconcile()
    (row,) = [*store.quotes("BTC", findings=True).query("time_basis == 'priced'").itertuples()]
    assert row.priced_from <= when + 5 * HOUR <= row.priced_until
    assert row.priced_until - row.priced_from <= timedelta(days=4)
    assert row.observed_at == row.priced_from + (row.priced_until - row.priced_from) / 2
    assert [row["time_basis"] for row in store.history("BTC", findings=True)].count("priced") == 1
    assert [row["time_basis"] for row in store.history("BTC")][-1] == "none"


def test_a_wide_span_is_no_time_unless_it_is_asked_for(store: Store) -> None:
    store.add([listed(THEN, "none", url=None, quotes=quotes(THEN, COINS[:3]))])
    store.reconcile()
    assert {row["time_basis"] for row in store.history("BTC", findings=True)} == {"none"}
    assert store.latest(findings=True) == []
    store.reconcile(within=4000)
    assert {row["time_basis"] for row in store.latest(findings=True)} == {"priced"}


@pytest.mark.parametrize("basis", ["capture", "stated", "given", "published", "stated-day"])
def test_a_time_that_its_prices_contradict(store: Store, basis: str) -> None:
    rows = found(store, [listed(THEN, basis, quotes=quotes(LATER))])
    assert ("time-contradicted", None) in kinds(rows) and ("time-confirmed", None) not in kinds(rows)
    (row,) = [row for row in rows if row["kind"] == "time-contradicted"]
    first, last = row["value"].partition(" ")[0].split("/")
    assert first <= f"{LATER:%FT%TZ}" <= last and f"{THEN:%F}" in row["evidence"]


# The won stood above the world's by so much; and a little everywhere.
PREMIA = [
    (datetime(2018, 1, 9, tzinfo=UTC), "KRW", 1.45), (datetime(2021, 4, 13, tzinfo=UTC), "KRW", 1.18),
    (datetime(2020, 6, 10, tzinfo=UTC), "KRW", 1.04), (datetime(2020, 6, 10, tzinfo=UTC), "TRY", 1.08),
    (datetime(2020, 6, 10, tzinfo=UTC), "USD", 0.97), (datetime(2020, 6, 10, tzinfo=UTC), "EUR", 1.04),
]  # fmt: skip


@pytest.mark.parametrize(("when", "currency", "factor"), some(PREMIA, 3))
@pytest.mark.parametrize("basis", ["capture", "published"])
def test_a_premium_contradicts_no_time(
    store: Store, when: datetime, currency: str, factor: float, basis: str
) -> None:
    coins = ("BTC", "ETH", "XRP", "LTC")
    rows = found(store, [listed(when, basis, quotes=quotes(when, coins, currency, factor))])
    assert not {kind for kind, _ in kinds(rows)} & {"time-contradicted", "off-market", "not-priced"}
    assert (("time-confirmed", None) in kinds(rows)) == (basis == "published")


# -- changes


def test_changes_are_held_against_prices_of_a_day_before(store: Store) -> None:
    rows = changed(quotes(THEN), 2, change_pct=Decimal("55"))
    store.add([listed(THEN - DAY), listed(THEN, quotes=rows)])
    store.reconcile()
    checks = store.quotes(since=THEN, findings=True).set_index("symbol").change_check
    assert checks.pop("ETH") == "differs" and set(checks) == {"agrees"}


def test_a_change_over_24_hours_leads_to_a_price_of_the_day_before(store: Store) -> None:
    given = {"change_pct": Decimal("2.31"), "change_window": "24h"}
    rows = changed(
        changed(quotes(THEN), 1, price=Decimal("67123.45"), **given), 2, price=Decimal("0.00000512"), **given
    )
    store.add([listed(THEN, quotes=rows), listed(THEN, "published", url="https://b.kr/2", quotes=rows)])
    before = [row for row in store.history(implied=True) if row["time_basis"] == "implied"]
    assert {row["observed_at"] for row in before} == {THEN - DAY} and len(before) == len(rows)
    assert [(row["price"], row["change_pct"]) for row in before[:2]] == [
        (Decimal("65607.90734"), None), (Decimal("0.000005004398"), None),
    ]  # fmt: skip
    assert store.asked(until=THEN - HOUR, implied=True).rows == len(rows)
    assert store.history(until=THEN - HOUR, implied=True) == before
    assert len(store.quotes(until=THEN - HOUR, implied=True)) == len(before)
    assert not [row for row in store.history() if row["time_basis"] == "implied"], (
        "it is no part of the store"
    )


def test_a_lost_sign_is_proposed_where_one_is_left(store: Store) -> None:
    rows = changed(quotes(THEN), 1, change_pct=None, flags=("sign-lost",), row_text="BTC 1 8.00%")
    before = changed(quotes(THEN - DAY), 1, price=(rows[0].price / Decimal("0.92")).quantize(Decimal(1)))
    findings = found(store, [listed(THEN - DAY, quotes=before), listed(THEN, quotes=rows)], "change-sign")
    assert [(row["rank"], row["value"]) for row in findings] == [(1, "-")]
    small = changed(quotes(LATER), 1, change_pct=None, flags=("sign-lost",), row_text="BTC 1 0.50%")
    assert len(found(store, [listed(LATER - DAY), listed(LATER, quotes=small)], "change-sign")) == 1


# -- off the market

WRONG = {"a thousand times": 1000.0, "a thousandth": 0.001, "twice": 2.2}


@pytest.mark.parametrize("kind", WRONG)
def test_a_price_beyond_what_its_coin_cost(store: Store, kind: str) -> None:
    rows = quotes(THEN)
    wrong = changed(rows, 3, price=rows[2].price * Decimal(str(WRONG[kind])))
    (row,) = found(store, [listed(THEN, quotes=wrong)], "off-market")
    assert row["rank"] == 3 and float(row["value"]) == pytest.approx(WRONG[kind], rel=0.2)


def test_a_price_out_of_line_with_both_neighbours_of_a_coin_nobody_knows(store: Store) -> None:
    def unknown(n: int, price: str) -> Block:
        (row, *_) = quotes(THEN)
        return listed(THEN + n * HOUR, quotes=(replace(row, symbol="NOSUCH", price=Decimal(price)),))

    rows = found(store, [unknown(0, "5.01"), unknown(6, "50.2"), unknown(12, "5.03")])
    assert [(row["kind"], row["value"]) for row in rows] == [("off-market", "10")]


def test_a_whole_list_in_another_currency_is_off_the_market(store: Store) -> None:
    rows = tuple(replace(row, currency="USD") for row in quotes(THEN))
    found_here = found(store, [listed(THEN, quotes=rows)])
    assert kinds(found_here) == {("off-market", rank) for rank in range(1, len(COINS) + 1)}


def test_what_was_found_is_left_out_on_demand(store: Store) -> None:
    wrong = changed(quotes(THEN), 3, price=quotes(THEN)[2].price * 1000)
    store.add([listed(THEN, quotes=wrong)])
    with pytest.raises(StoreError, match="tracker reconcile"):
        store.history(without=["off-market"])
    store.reconcile()
    every, left = store.history(), store.history(without=["off-market"])
    assert [row for row in every if row["rank"] != 3] == left and len(left) == len(every) - 1
    assert wrong[2].symbol not in {row["symbol"] for row in store.latest(without=["off-market"])}
    assert len(store.quotes(without=["off-market"])) == store.asked(without=["off-market"]).rows == len(left)
    with pytest.raises(TrackerError, match="off-market"):
        store.history(without=["off market"])


# -- alike pages


def test_one_block_on_many_pages_counts_once(store: Store) -> None:
    one = [
        listed(THEN + n * MINUTE, quotes=quotes(THEN), url=f"https://www.example.co.kr/{n}") for n in range(3)
    ]
    again = listed(THEN + 3 * HOUR, quotes=quotes(THEN))
    rows = found(store, [*one, again], "alike")
    assert {row["value"] for row in rows} == {f"{one[0].snapshot_id} 3"} and len(rows) == 3
    assert len(store.history("BTC", findings="times")) == 2 and len(store.history("BTC")) == 4
    assert [row["pages"] for row in store.history("BTC", findings="times")] == [3, 1]
    assert [row["pages"] for row in store.latest(until=THEN + HOUR, findings="times")] == [3] * len(
        one[0].quotes
    )
    assert [*store.quotes("BTC", findings=True).pages] == [3, 0, 0, 1] and store.repeated()
    assert [*store.quotes("BTC", findings="times").pages] == [3, 1]
    assert "pages" not in store.quotes("BTC").columns and "pages" not in store.history("BTC")[0]


def test_charts_count_a_block_on_many_pages_once_and_say_so(store: Store) -> None:
    store.add(
        listed(THEN + n * MINUTE, quotes=quotes(THEN), url=f"https://www.example.co.kr/{n}") for n in range(3)
    )
    store.reconcile()
    with store.large("BTC", findings=True) as large:
        assert (len(large), large.again, large.tally().n.sum()) == (1, 2, 1)
    drawn = tracker.plot(store.quotes("BTC", findings=True))
    foot = " ".join(text.get_text() for text in drawn.texts)
    assert "2 shown on a page of the site before, within minutes" in foot and "1 quote in 1 snapshot" in foot


def test_a_store_in_which_no_block_stands_twice_has_no_pages_to_tell(store: Store) -> None:
    store.add([listed(THEN), listed(THEN + 3 * HOUR)])
    store.reconcile()
    assert not store.repeated() and "pages" not in store.history("BTC", findings="times")[0]
    assert {*store.quotes(findings=True).pages} == {1}


def test_a_price_off_the_market_leads_nowhere(store: Store) -> None:
    given = {"change_pct": Decimal("2.31"), "change_window": "24h"}
    rows = changed(changed(quotes(THEN), 1, **given), 2, **given)
    store.add([listed(THEN, quotes=changed(rows, 1, price=rows[0].price * 1000))])
    store.reconcile()
    assert {row["symbol"] for row in store.findings("off-market")} == {rows[0].symbol}
    for known, leading in ((True, 1), ("times", 1), (False, 2)):
        before = [
            row for row in store.history(findings=known, implied=True) if row["time_basis"] == "implied"
        ]
        assert len(before) == leading + len([row for row in rows[2:] if row.change_window == "24h"])


# -- names


def test_what_the_first_page_allows_for_the_name_it_lost(store: Store) -> None:
    (row,) = found(store, [of_seed("000_35ec38ae2d22f11d.txt")], "symbol-ambiguous")
    assert row["rank"] == 14 and row["value"].split("|")[0] == "XEM" and len(row["value"].split("|")) <= 5


def nameless(rows: tuple[Quote, ...], rank: int) -> tuple[Quote, ...]:
    return changed(rows, rank, name=None, symbol=None, flags=("name-missing",))


def test_a_name_is_guessed_by_its_place_in_others(store: Store) -> None:
    """But not where its price is another coin's, nor where others show different coins there."""
    others = [listed(THEN + n * DAY, layout="board") for n in range(3)]
    lost = listed(THEN + HOUR, layout="board", quotes=nameless(quotes(THEN), 4))
    wrong = listed(THEN + 2 * HOUR, layout="board", quotes=nameless(changed(ROWS, 4, price=Decimal(7)), 4))
    rows = [row for row in found(store, [*others, lost, wrong]) if row["kind"].startswith("symbol")]
    assert [(row["kind"], row["value"]) for row in rows if row["snapshot_id"] == lost.snapshot_id] == [
        ("symbol-guess", "LTC")
    ]
    assert not [
        row for row in rows if row["snapshot_id"] == wrong.snapshot_id and row["kind"] == "symbol-guess"
    ]
    swapped = tuple(replace(row, symbol="BCH") if row.rank == 4 else row for row in quotes(THEN))
    rows = found(store, [listed(THEN + 3 * HOUR, layout="board", quotes=swapped)], "symbol-guess")
    assert rows == []


def test_a_guess_is_taken_when_it_is_asked_for(store: Store) -> None:
    lost = listed(THEN + HOUR, layout="board", quotes=nameless(quotes(THEN), 4))
    store.add([*(listed(THEN + n * DAY, layout="board") for n in range(3)), lost])
    store.reconcile()
    assert len(store.history("LTC")) == 3
    taken = store.history("LTC", guesses=True)
    assert [row["flags"] for row in taken if row["snapshot_id"] == lost.snapshot_id] == [
        ["name-missing", "symbol-inferred"]
    ]
    assert store.asked("LTC", guesses=True).rows == len(taken) == len(store.quotes("LTC", guesses=True)) == 4
    assert store.latest("LTC", until=THEN + 2 * HOUR, guesses=True)[0]["snapshot_id"] == lost.snapshot_id
    assert store.latest("LTC", until=THEN + 2 * HOUR)[0]["snapshot_id"] != lost.snapshot_id
    assert not [row for row in store.history("LTC") if "symbol-inferred" in row["flags"]], "it is not stored"


HOLDERS = [
    ("LUNA", "2021-12-01", "symbol-told", "Terra, now LUNC"), ("LUNA", "2023-01-01", "symbol-told", "Terra 2.0"),
    ("BCC", "2017-05-01", "symbol-told", "BitConnect"), ("BCC", "2018-11-01", "symbol-told", "Bitcoin Cash"),
    ("BCC", "2017-12-01", "symbol-ambiguous", "BitConnect|Bitcoin Cash"),
    ("TON", "2023-01-01", "symbol-ambiguous", "Tokamak Network|Toncoin"),
]  # fmt: skip


@pytest.mark.parametrize(("ticker", "day", "kind", "value"), some(HOLDERS, 2))
def test_tickers_that_several_coins_had(store: Store, ticker: str, day: str, kind: str, value: str) -> None:
    row = replace(ROWS[0], symbol=ticker, name=ticker)
    when = datetime.fromisoformat(day).replace(tzinfo=UTC)
    rows = [r for r in found(store, [listed(when, quotes=(row,))]) if r["kind"].startswith("symbol")]
    assert [(r["kind"], r["value"]) for r in rows] == [(kind, value)]
    assert store.quotes(findings=True).symbol_guess[0] == value


# -- where nothing is known


def given(**fields: Any) -> tuple[Quote, ...]:
    """The rows of that time with a field of each given otherwise."""
    return tuple(replace(row, **fields) for row in ROWS)


# What the list is, when it is said to be of, and why it cannot be dated; None: it need not, or it can.
SILENT: dict[str, tuple[tuple[Quote, ...], datetime | None, str | None]] = {
    "one coin": (ROWS[:1], None, "few-coins"),
    "coins that the table does not know": (given(symbol="NOSUCH"), None, "no-costs"),
    "no coin is named": (given(symbol=None), None, "no-currency"),
    "no currency": (given(currency=None), None, "no-currency"),
    "money that the table does not know": (given(currency="VND"), None, "no-costs"),
    "priced in a coin": (given(currency="BTC"), None, "no-costs"),
    "prices of no time": (changed(ROWS, 1, price=Decimal(12)), None, "fits-nowhere"),
    "two currencies": ((*ROWS, *(replace(row, rank=9, currency="USD") for row in ROWS[:1])), None, None),
    "a time after the table's end": (ROWS, THEN + 2500 * DAY, None),
    "a time before its beginning": (ROWS, THEN - 9000 * DAY, None),
}


@pytest.mark.parametrize("kind", some(SILENT, 3))
def test_where_nothing_is_known_that_is_said(store: Store, kind: str) -> None:
    rows, when, reason = SILENT[kind]
    found_here = found(store, [listed(when or THEN, "capture" if when else "none", quotes=rows)])
    assert [row["value"] for row in found_here if row["kind"] == "not-priced"] == ([reason] if reason else [])
    assert not [row for row in found_here if row["kind"] in ("time-contradicted", "off-market")]


def test_a_store_whose_times_are_all_wrong_by_a_year(store: Store) -> None:
    wrong = [listed(THEN + n * DAY, quotes=quotes(THEN + n * DAY - 365 * DAY)) for n in range(5)]
    undated = listed(THEN, "none", url=None)
    rows = found(store, [*wrong, undated])
    assert len([row for row in rows if row["kind"] == "time-contradicted"]) == 5
    (span,) = [row["value"] for row in rows if row["kind"] == "priced" and row["time_basis"] == "none"]
    assert span < f"{THEN:%FT%TZ}" < span.partition("/")[2]


def test_an_empty_store(store: Store) -> None:
    assert store.reconcile() == {} and store.findings() == []


# -- derived, resumable, the same however it was reached


def everything() -> list[Block]:
    """Something of each kind."""
    days = [THEN + n * DAY for n in range(-4, 5)]
    rows = quotes(THEN)
    return [
        *(listed(day) for day in days),
        listed(THEN + 2 * HOUR, "none", url=None, content_id="u"),
        listed(THEN, "published", quotes=quotes(LATER), url="https://a.com/1"),
        listed(THEN + MINUTE, quotes=changed(rows, 3, price=rows[2].price * 1000), url="https://b.com/1"),
        listed(THEN + 7 * MINUTE, quotes=rows, url="https://www.example.co.kr/again"),
        listed(THEN + 9 * MINUTE, quotes=changed(rows, 2, change_pct=Decimal(60)), url="https://c.com/1"),
        listed(LATER, "none", quotes=rows[:1], url="https://d.com/1"),
    ]


def state(store: Store) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(store.path), read_only=True) as con:
        return con.execute("SELECT * FROM findings ORDER BY ALL").fetchall()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """The findings of everything, reached at once."""
    store = empty_store(tmp_path_factory.mktemp("whole") / "tracker.duckdb")
    store.add(everything())
    store.reconcile()
    found = state(store)
    assert {row[2] for row in found} >= {
        "priced",
        "time-contradicted",
        "off-market",
        "alike",
        "changes-agree",
        "change-differs",
        "not-priced",
    }
    assert {row[2] for row in found} <= set(KINDS)
    return found


Way = Callable[[Store], object]


def one_by_one(store: Store) -> None:
    for made in everything():
        store.add([made])
        store.reconcile()


def backwards(store: Store) -> None:
    for made in reversed(everything()):
        store.add([made])
        store.reconcile()


def twice(store: Store) -> None:
    store.add(everything())
    store.reconcile()
    assert store.reconcile() == {}


def with_another_forgotten(store: Store) -> None:
    other = listed(THEN - 8 * HOUR, quotes=times(quotes(THEN), 1.5), url="https://e.com/1", source="gone")
    store.add([*everything(), other])
    store.reconcile()
    store.forget(source="gone", commit=True)
    store.reconcile()


def dropped(store: Store) -> None:
    twice(store)
    with duckdb.connect(str(store.path)) as con:
        for name in (
            "VIEW concluded",
            "VIEW timed",
            "TABLE findings",
            "TABLE reconciled",
            "TABLE reconciling",
        ):
            con.execute(f"DROP {name}")
    assert len(store.quotes()) and not store.reconciled()
    store.reconcile()


def stopped_and_gone_on_with(store: Store) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    store.add(everything())
    with pytest.raises(KeyboardInterrupt):
        store.reconcile(batch=4, on_progress=stop)
    assert len(state(store)) > 0
    store.reconcile(batch=3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "way", [one_by_one, backwards, twice, with_another_forgotten, dropped, stopped_and_gone_on_with]
)
def test_the_findings_are_the_same_however_they_were_reached(
    store: Store, whole: list[tuple[Any, ...]], way: Way
) -> None:
    way(store)
    assert state(store) == whole


def test_what_pages_said_stays_as_it_was(store: Store) -> None:
    store.add(everything())
    before = store.quotes()
    store.reconcile()
    assert store.quotes().equals(before) and not store.check().breaches
    both = store.quotes(findings=True)
    assert [*both.columns] == [*NAMES, *(column.name for column in CONCLUSIONS)] and len(both) == len(before)
    rest = [name for name in NAMES if name not in ("observed_at", "time_basis")]
    one, other = (t.sort_values(["snapshot_id", "rank"])[rest].reset_index(drop=True) for t in (both, before))
    assert one.equals(other)


def test_a_store_that_was_never_reconciled_says_so(store: Store) -> None:
    store.add([block()])
    assert not store.reconciled()
    for ask in (store.findings, lambda: store.quotes(findings=True), lambda: store.latest(findings=True)):
        with pytest.raises(StoreError, match="tracker reconcile"):
            ask()


def test_a_table_of_ones_own_tells_more(store: Store, tmp_path: Path) -> None:
    rows = tuple(
        replace(row, symbol=f"MY{row.rank}", currency="USD", price=Decimal(row.rank)) for row in ROWS
    )
    store.add([listed(THEN, "none", quotes=rows)])
    assert store.reconcile() == {"not-priced": 1}
    days = [("2026-07-03", 1.0), ("2026-07-04", 3.0)]
    lines = [f"{day},MY{n},{0.95 * n * times},{1.05 * n * times}" for n in range(1, 8) for day, times in days]
    (tmp_path / "days.csv").write_text("\n".join(["day,symbol,low_usd,high_usd", *lines]))
    assert store.reconcile(tmp_path / "days.csv") == {"priced": 1}
    assert store.latest(findings=True)[0]["observed_at"] == datetime(2026, 7, 3, 12, tzinfo=UTC)
