"""Rules as they are said: what is read of them, and what is answered to one that cannot be read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.coins.registry import load
from tracker.errors import SitesError
from tracker.watch import spans
from tracker.watch.rule import Bound, Silence, parse

# said, whose rule it is -> in one spelling, what it asks
SAID = [
    ("BTC change_pct < -5", None, "BTC change_pct < -5", ("BTC", "change_pct", "<", "-5", None, None)),
    ("ETH price > 5_000_000 KRW", None, "ETH price > 5000000 KRW", ("ETH", "price", ">", "5000000", "KRW", None)),
    ("any change_pct > 20", None, "any change_pct > 20", (None, "change_pct", ">", "20", None, None)),
    (
        "BTC move_pct < -3 on ebn.co.kr", None, "BTC move_pct < -3 on ebn.co.kr",
        ("BTC", "move_pct", "<", "-3", None, "ebn.co.kr"),
    ),
    ("비트코인 price<=0.50 usd", None, "BTC price <= 0.5 USD", ("BTC", "price", "<=", "0.5", "USD", None)),
    ("bitcoin cash change_pct >= +5 %", None, "BCH change_pct >= 5", ("BCH", "change_pct", ">=", "5", None, None)),
    ("ANY move_pct > 5%", "a.kr", "any move_pct > 5 on a.kr", (None, "move_pct", ">", "5", None, "a.kr")),
    (
        "BTC change_abs < -100_000 원 on https://www.A.kr/news/", "b.kr", "BTC change_abs < -100000 KRW on a.kr",
        ("BTC", "change_abs", "<", "-100000", "KRW", "a.kr"),
    ),
    ("XRP change_pct < -5 KRW", None, "XRP change_pct < -5 KRW", ("XRP", "change_pct", "<", "-5", "KRW", None)),
]  # fmt: skip
# said -> what is wrong, what was expected
UNREAD = [
    ("", "cannot be read", "WHO FIELD OP NUMBER"),
    ("BTC", "cannot be read", "WHO FIELD OP NUMBER"),
    ("BTC pric < 5 KRW", "has no field 'pric'", "price, change_pct"),
    ("BTC price < 5", "says no currency", "such as KRW"),
    ("BTC change_abs < 5", "says no currency", "such as KRW"),
    ("BTC price < 5 KWR", "has no currency in 'KWR'", "such as KRW"),
    ("BTC price < -5 KRW", "asks for a price that is none", "above 0"),
    ("BTC price = 5 KRW", "compares by '='", "< <= > >="),
    ("BTC price > 5,000,000 KRW", "has no number in '5,000,000'", "5_000_000"),
    ("BTC price > 5% KRW", "gives price in percent", "leave the % out"),
    ("BTC change_pct > five", "has no number in 'five'", "5_000_000"),
    ("BITCOIM change_pct > 5", "names no coin: 'BITCOIM'", "did you mean BITCOIN"),
    ("BTC change_pct > 5 on nowhere", "has no site in 'nowhere'", "etoday.co.kr"),
    ("etoday.co.kr silent", "says no span", "2h"),
    ("etoday.co.kr silent often", "says no span", "2h"),
    ("etoday.co.kr silent 0h", "says no span", "2h"),
    ("silent 2h", "cannot be read", "SITE silent SPAN"),
    ("BTC change_pct > 5 or less", "cannot be read", "WHO FIELD OP NUMBER"),
]
WORDS = "BTC any price change_pct move_pct silent < > 5 -3 2h KRW on a.kr".split()
SPANS = [("90s", 90), ("10m", 600), ("10 min", 600), ("2h", 7200), ("1h30m", 5400), ("1d", 86400), ("1w", 604800),
         ("0.5h", 1800)]  # fmt: skip


@pytest.mark.parametrize(("said", "site", "text", "asks"), SAID)
def test_a_rule_is_read_as_it_is_said(said: str, site: str | None, text: str, asks: tuple[str, ...]) -> None:
    rule = parse(said, load(), "here", site)
    assert isinstance(rule, Bound)
    assert (rule.text, rule.who, rule.field, rule.op, rule.number, rule.currency, rule.site) == (
        text, *asks[:3], Decimal(asks[3]), *asks[4:],
    )  # fmt: skip
    assert parse(rule.text, load(), "here") == rule


@pytest.mark.parametrize(
    ("said", "site"), [("etoday.co.kr silent 2h", None), ("silent 120m", "etoday.co.kr")]
)
def test_a_rule_on_silence(said: str, site: str | None) -> None:
    assert parse(said, load(), "here", site) == Silence(
        "etoday.co.kr silent 2h", "etoday.co.kr", timedelta(hours=2)
    )


@pytest.mark.parametrize(("said", "reason", "expected"), UNREAD)
def test_a_rule_that_cannot_be_read_is_answered_in_one_line(said: str, reason: str, expected: str) -> None:
    with pytest.raises(SitesError) as told:
        parse(said, load(), "sites.toml: alerts")
    line = str(told.value)
    assert line.startswith("sites.toml: alerts: ")
    assert reason in told.value.reason
    assert expected in told.value.remedy
    assert "\n" not in line


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_text_is_a_rule_or_told(text: str) -> None:
    try:
        rule = parse(text, load(), "here")
    except SitesError:
        return
    assert parse(rule.text, load(), "here").text == rule.text


@pytest.mark.parametrize(("text", "seconds"), SPANS)
def test_spans(text: str, seconds: float) -> None:
    span = spans.parsed(text)
    assert span == timedelta(seconds=seconds)
    assert spans.parsed(spans.spelled(span)) == span


@pytest.mark.parametrize("text", ["", "5", "h", "1y", "-1h", "1h!", "0s"])
def test_what_is_no_span(text: str) -> None:
    assert spans.parsed(text) is None
