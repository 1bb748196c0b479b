"""The file of sites: read as it stands, or answered in one line that names file, key and what is allowed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tracker.coins.registry import load
from tracker.errors import LayoutError, SitesError
from tracker.layouts.layout import Layout
from tracker.layouts.layout import load as layouts
from tracker.watch.sites import Sites, read

WHOLE = """
interval = "10m"
layout = "etoday-list"
alerts = ["any change_pct > 20", "BTC change_pct < -5 on etoday.co.kr"]

[[site]]
url = "https://www.etoday.co.kr/news/"
interval = "5m"
alerts = ["BTC change_pct < -5", "silent 2h", "ebn.co.kr silent 1d"]

[[site]]
url = "https://ebn.co.kr/"
layout = "ebn-header"
"""
URL = '[[site]]\nurl = "https://a.kr/"\n'
# what the file says -> where it is wrong, and what is allowed
WRONG = [
    ("", "site: there is none", "[[site]]"),
    ("site = 3", "site: is no list of tables", "[[site]]"),
    ("[site]\nurl = 'https://a.kr/'", "site: is no list of tables", "[[site]]"),
    ("[[site]", "no TOML: ", "[[site]]"),
    ("intervall = '5m'\n" + URL, "intervall: is no key", "did you mean interval?"),
    (URL + "every = '5m'", "site 1: every: is no key", "there are url, interval, layout, alerts"),
    ("[[site]]\ninterval = '5m'", "site 1: url: is missing", "https://"),
    ("[[site]]\nurl = 'ftp://a.kr/'", "site 1: url: is 'ftp://a.kr/'", "https://"),
    ("[[site]]\nurl = 'a.kr'", "site 1: url: is 'a.kr'", "https://"),
    (URL + URL, "site 2: url: https://a.kr/ stands twice", "leave one"),
    ("interval = 300\n" + URL, "interval: is 300", "10m"),
    (URL + "interval = 'often'", "site 1: interval: is 'often'", "10m"),
    (URL + "interval = '0.1s'", "site 1: interval: is '0.1s'", "10m"),
    (URL + "layout = 'nope'", "site 1: layout: nope: there is no such layout", "tracker layouts"),
    (URL + "layout = 3", "site 1: layout: is 3", "id of a layout"),
    (URL + "alerts = 'BTC change_pct < -5'", "site 1: alerts: is 'BTC change_pct < -5'", "a list of rules"),
    (URL + "alerts = [5]", "site 1: alerts: is [5]", "a list of rules"),
    (URL + "alerts = ['BTC pric < 5']", "site 1: alerts: 'BTC pric < 5' has no field 'pric'", "price"),
    (
        "alerts = ['b.kr silent 2h']\n" + URL,
        "alerts: 'b.kr silent 2h' names a site that is not watched",
        "a.kr",
    ),
    (
        URL + "alerts = ['silent 10m']",
        "alerts: 'a.kr silent 10m' is no longer than the interval, 10m",
        "longer",
    ),
]


def found(name: str) -> tuple[Layout, ...]:
    known = {one.id: one for one in layouts()}
    if name not in known:
        raise LayoutError(name, "there is no such layout", "`tracker layouts` lists those there are")
    return (known[name],)


def of(tmp_path: Path, text: str) -> Sites:
    (tmp_path / "sites.toml").write_text(text, "utf-8")
    return read(tmp_path / "sites.toml", load(), found)


def test_a_file_is_read(tmp_path: Path) -> None:
    sites = of(tmp_path, WHOLE)
    assert [(one.url, one.host, one.interval, [layout.id for layout in one.layouts or ()]) for one in sites.sites] == [
        ("https://www.etoday.co.kr/news/", "etoday.co.kr", timedelta(minutes=5), ["etoday-list"]),
        ("https://ebn.co.kr/", "ebn.co.kr", timedelta(minutes=10), ["ebn-header"]),
    ]  # fmt: skip
    assert [rule.text for rule in sites.rules] == [
        "any change_pct > 20", "BTC change_pct < -5 on etoday.co.kr", "etoday.co.kr silent 2h", "ebn.co.kr silent 1d",
    ]  # fmt: skip


def test_the_least_that_a_file_says(tmp_path: Path) -> None:
    (site,), rules = (sites := of(tmp_path, URL)).sites, sites.rules
    assert (site.interval, site.layouts, rules) == (timedelta(minutes=10), None, ())


@pytest.mark.parametrize(("text", "where", "allowed"), WRONG)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, where: str, allowed: str) -> None:
    with pytest.raises(SitesError) as told:
        of(tmp_path, text)
    line = str(told.value)
    assert re.match(rf".*sites\.toml: {re.escape(where)}", line), line
    assert allowed in line
    assert "\n" not in line


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SitesError, match="no such file"):
        read(tmp_path / "none.toml", load(), found)
