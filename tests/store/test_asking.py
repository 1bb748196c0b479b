"""What people type for coins, currencies and sites finds what the store has; what finds nothing is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made import BITCOIN, NOON, block, series

from tracker.errors import TimeError
from tracker.store import Store, Unmatched

BCH = replace(BITCOIN, symbol="BCH", name="비트코인 캐시")
DASH = replace(BITCOIN, symbol="DASH", name="대시")
STRANGER = replace(BITCOIN, symbol=None, name="듣보코인")
DOLLARS = replace(BITCOIN, symbol="ETH", name="Ethereum", currency="USD")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """BTC, BCH, DASH and a stranger in won on a site and its mobile one, ETH in dollars elsewhere."""
    made = Store(tmp_path_factory.mktemp("asking") / "s.duckdb")
    made.add([
        block(0, quotes=(BITCOIN, BCH, DASH, STRANGER), url="https://www.etoday.co.kr/1"),
        block(1, quotes=(BITCOIN,), url="https://m.etoday.co.kr/1"),
        block(2, quotes=(DOLLARS,), url="https://example.com/1"),
        block(3, quotes=(BITCOIN,), url="https://example.com/2", observed_at=None, time_basis="none"),
    ])  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("btc", ["BTC"]),
        ("비트코인", ["BTC"]),
        ("bitcoin", ["BTC"]),
        ("BITCOIN", ["BTC"]),
        ("eth,btc", ["ETH", "BTC"]),
        ("eth btc", ["ETH", "BTC"]),
        ("eth, btc,", ["ETH", "BTC"]),
        (["eth,dash", "btc"], ["ETH", "DASH", "BTC"]),
        ("bitcoin cash", ["BCH"]),
        ("비트코인캐시 비트코인", ["BCH", "BTC"]),
        ("dash", ["DASH"]),
        ("Bitcoin (BTC)", ["BTC"]),
        ("듣보 코인", ["듣보코인"]),
        ("btc BTC bitcoin", ["BTC"]),
    ],
)
def test_a_coin_is_found_by_any_of_its_names(store: Store, typed: Any, meant: list[str]) -> None:
    asked = store.asked(typed)
    assert (asked.which["symbols"], asked.unmatched) == (meant, ())
    assert {row["symbol"] or row["name"] for row in store.history(typed)} == set(meant)
    assert len(store.quotes(typed)) == asked.rows > 0


@pytest.mark.parametrize(
    ("which", "rows"),
    [
        ({"site": "etoday.co.kr"}, 5),
        ({"site": "M.etoday.co.kr"}, 1),
        ({"site": "https://www.etoday.co.kr/news/1"}, 5),
        ({"currency": "usd"}, 1),
        ({"currency": "won"}, 6),
        ({"currency": "원"}, 6),
    ],
)
def test_a_currency_and_a_site_are_found_as_people_write_them(
    store: Store, which: dict[str, Any], rows: int
) -> None:
    assert (store.asked(**which).rows, store.asked(**which).unmatched) == (rows, ())
    assert len(store.history(**which)) == rows


@pytest.mark.parametrize(
    ("which", "unmatched"),
    [
        ({"symbols": "BTCC"}, Unmatched("coin", "BTCC", ("BTC", "BCH"))),
        ({"symbols": "bitcon"}, Unmatched("coin", "bitcon", ("BTC",))),
        ({"symbols": "비트코읜"}, Unmatched("coin", "비트코읜", ("BTC", "BCH"))),
        ({"symbols": "doge"}, Unmatched("coin", "doge")),  # a coin that is known, and not in this store
        ({"symbols": "ethereum classic"}, Unmatched("coin", "ethereum classic")),  # no ETH
        ({"currency": "KRR"}, Unmatched("currency", "KRR", ("KRW",))),
        ({"currency": "EUR"}, Unmatched("currency", "EUR")),
        ({"site": "etodya.co.kr"}, Unmatched("site", "etodya.co.kr", ("etoday.co.kr", "m.etoday.co.kr"))),
        ({"symbols": "BTC", "currency": "USD"}, Unmatched("coin", "BTC", (), True)),
        ({"symbols": "eth", "site": "etoday.co.kr"}, Unmatched("coin", "ETH", (), True)),
    ],
)
def test_what_finds_nothing_is_named_with_what_is_near(
    store: Store, which: dict[str, Any], unmatched: Unmatched
) -> None:
    asked = store.asked(**which)
    assert asked.rows == 0
    (found,) = asked.unmatched
    assert found._replace(nearest=()) == unmatched._replace(nearest=())
    assert found.nearest[: len(unmatched.nearest)] == unmatched.nearest
    if not found.elsewhere:
        with pytest.warns(UserWarning, match=f"^no quotes .* {unmatched.typed}"):
            assert store.history(**which) == []


def test_the_others_go_on(store: Store) -> None:
    with pytest.warns(UserWarning, match=r"^no quotes of BTCC; did you mean BTC, BCH\?$"):
        assert {row["symbol"] for row in store.history("BTCC, dash")} == {"DASH"}
    asked = store.asked("dash eth", currency="KRW")
    assert (asked.rows, [str(one) for one in asked.unmatched]) == (1, ["no quotes of ETH"])


def test_a_warning_points_at_the_line_that_asked(store: Store) -> None:
    asking: list[Callable[[], object]] = [
        lambda: store.quotes("BTCC"), lambda: store.history("BTCC"), lambda: store.latest("BTCC"),
    ]  # fmt: skip
    for ask in asking:
        with pytest.warns(UserWarning) as caught:
            ask()
        assert [warning.filename for warning in caught] == [__file__]


def test_undated_quotes_are_counted_whatever_the_span(store: Store) -> None:
    assert store.asked("btc").undated == 1
    assert store.asked("btc", since="2019-01-01").undated == 1
    assert store.asked("dash").undated == 0


def test_a_span_that_ends_before_it_begins_is_told(store: Store) -> None:
    with pytest.raises(TimeError, match="since 2020-01-02: is after until 2020-01-01"):
        store.history(since="2020-01-02", until="2020-01-01")
    assert store.history(since="2019-12-03", until="2019-12-03")


@pytest.mark.parametrize("most", [2, 5, 12, 30, 40])
def test_the_ends_of_a_history(tmp_path: Path, most: int) -> None:
    made = Store(tmp_path / "s.duckdb")
    made.add(series(0, 10))
    rows = made.history()
    first, last = made.ends(most)
    assert len(first) + len(last) == min(most, len(rows))
    assert (first, last) == (rows[: len(first)], rows[len(rows) - len(last) :])
    assert list(made.each()) == rows


def test_sources_are_in_the_order_of_people(tmp_path: Path) -> None:
    made = Store(tmp_path / "s.duckdb")
    names = ["a.warc#2", "a.warc#10", "a.warc#100", "page9.html", "page10.html"]
    made.add(block(n, source=name) for n, name in enumerate(reversed(names)))
    assert made.known("source") == names
    assert made.known("source", "A.") == names[:3]
    assert made.nearest_source("pag9.html") == "page9.html"
    assert made.nearest_source("a.wrc") == "a.warc"
    assert made.nearest_source("a.warc#101") == "a.warc#10"
    assert made.nearest_source("something.else") is None
    assert [row["source"] for row in made.forget("a.warc")] == names[:3]
    assert made.history()[0]["observed_at"] == NOON
