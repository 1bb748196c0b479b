"""What coins cost in each week: lists of known days fit, altered ones do not, and silence where nothing is known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from tracker.coins import costs

# The first page in seeds/: the prices of 2019-12-03 in won.
FIRST = [
    ("BTC", "8692000"),
    ("ETH", "173900"),
    ("XRP", "264"),
    ("BCH", "252300"),
    ("LTC", "53500"),
    ("EOS", "3170"),
]
PAGE = [(symbol, Decimal(price)) for symbol, price in FIRST]


def test_a_list_fits_the_week_it_is_of() -> None:
    fit = costs.fit(PAGE, "KRW", date(2019, 12, 2), date(2019, 12, 8))
    assert (fit.tested, fit.fitting, fit.weeks) == (6, 6, 1)
    whole = costs.fit(PAGE, "KRW")
    assert (
        whole.first is not None and whole.last is not None and whole.first <= date(2019, 12, 2) <= whole.last
    )
    assert whole.weeks <= 20


ALTERED = {
    "tenfold": [(s, p * 10) for s, p in PAGE],
    "a thousandth": [(s, p / 1000) for s, p in PAGE],
    "shuffled": list(zip([s for s, _ in PAGE], [p for _, p in reversed(PAGE)], strict=True)),
}


@pytest.mark.parametrize("kind", ALTERED)
def test_an_altered_list_fits_nowhere(kind: str) -> None:
    assert costs.fit(ALTERED[kind], "KRW").weeks == 0


def test_another_currency_fits_nowhere() -> None:
    assert costs.fit(PAGE, "USD").weeks == 0 and costs.currencies(PAGE) == ("KRW",)


SILENT = [([], "KRW"), ([("NOSUCH", Decimal(5))], "USD"), (PAGE, "VND"), (PAGE, "ETH")]


@pytest.mark.parametrize(("prices", "currency"), SILENT)
def test_where_nothing_is_known_nothing_is_said(prices: list[tuple[str, Decimal]], currency: str) -> None:
    assert costs.fit(prices, currency) == costs.Fit()
    assert costs.currencies(prices[:2]) == ()


LATER = [("BTC", "84134"), ("ETH", "3900.2"), ("XRP", "0.68"), ("BNB", "319.66"), ("SOL", "55.61")]


def test_a_list_of_later_weeks_stands_near_the_last_that_are_known() -> None:
    prices = [(symbol, Decimal(price)) for symbol, price in LATER]
    assert costs.fit(prices, "USD").weeks == 0
    assert costs.lately(prices, "USD") == (5, 5)
    assert costs.lately([(s, p * 10) for s, p in prices], "USD") == (5, 0)
    assert costs.lately(prices, "VND") == costs.lately([], "USD") == (0, 0)


def test_money_that_the_table_does_not_know_is_told_by_one_rate() -> None:
    dong = [(s, p * 21) for s, p in PAGE]
    assert costs.in_some_money(dong) and not costs.in_some_money(dong[:3])
    assert not costs.in_some_money(ALTERED["shuffled"])


def test_one_price() -> None:
    assert costs.plausible("BTC", Decimal(8692000), "KRW") is True
    assert costs.plausible("BTC", Decimal(8), "KRW") is False
    assert costs.plausible("NOSUCH", Decimal(8), "KRW") is None


def drawn(random: Random, currency: str) -> tuple[list[tuple[str, Decimal]], date]:
    """A list of three to six coins as they stood in one week, in a currency."""
    week = random.randrange(costs._week(date(2018, 6, 4)), costs._week(date(2021, 12, 27)))
    symbols = random.sample(
        ["BTC", "ETH", "XRP", "LTC", "BCH", "EOS", "ADA", "XLM", "TRX", "XMR"], random.randint(3, 6)
    )
    low, high = costs._rates(currency)[week]
    rows = []
    for symbol in symbols:
        cheap, dear = costs._coin(symbol)[week]
        rows.append((symbol, Decimal(str(random.uniform(cheap, dear) * (low + high) / 2))))
    return rows, costs._EPOCH + timedelta(weeks=week)


def test_lists_drawn_from_a_week_fit_it_and_hardly_any_lends_itself_to_one_wrong_currency() -> None:
    random, wrong = Random(7), 0
    for _ in range(300):
        currency = random.choice(["USD", "KRW", "EUR", "JPY"])
        prices, monday = drawn(random, currency)
        assert costs.fit(prices, currency, monday, monday).weeks == 1
        fits = costs.currencies(prices)
        assert currency in fits
        wrong += len(fits) == 1 and fits != (currency,)
    assert wrong < 3


@pytest.mark.parametrize("seed", range(40))
def test_a_price_read_by_the_wrong_mark_is_found_among_others_and_a_right_one_is_not(seed: int) -> None:
    """Lists of one week, each price where its coin then stood; some of them read as a thousandth."""
    chance = Random(seed)
    week = date(2018, 1, 1) + timedelta(weeks=chance.randrange(400))
    spans = {
        s: span
        for s in ("BTC", "ETH", "LTC", "BNB", "SOL", "XMR")
        for day, *span in costs.weekly(s)
        if day == week
    }
    right = [(s, Decimal(str(round((low + high) / 2, 2)))) for s, (low, high) in spans.items()]
    assert costs.misread([(s, p, p / 1000) for s, p in right], "USD") == set()
    wrong = set(chance.sample(range(len(right)), 1 + len(right) // 3))
    read = [(s, p / 1000, p) if i in wrong else (s, p, p) for i, (s, p) in enumerate(right)]
    assert costs.misread(read, "USD") in (wrong, set())  # some other week may take them so
    assert costs.misread(read[:2], "USD") == set()


def test_most_such_prices_are_found() -> None:
    read = [
        ("BTC", Decimal("43.250"), Decimal(43250)),
        ("ETH", Decimal("2.280"), Decimal(2280)),
        ("SOL", Decimal("98.4"), Decimal("98.4")),
    ]
    assert costs.misread(read, "USD") == {0, 1}
    assert costs.misread(read, "KRW") == set()
    assert costs.misread(read, "XYZ") == set()


def test_money_is_no_coin_of_the_table() -> None:
    assert costs.knows("BTC") and not any(map(costs.knows, ("KRW", "USD", "NOSUCH")))
    assert "KRW" not in costs.symbols() and next(costs.rates("KRW"))
