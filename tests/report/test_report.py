"""The report as text: what stands in it, and that nothing from a page does more than stand in it."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from at_length import some
from chart_quotes import START, block, hours, line, quote, table
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import charts, model
from tracker.errors import OutputError, Skipped, TrackerError
from tracker.language import language, languages
from tracker.pages import document
from tracker.report import page as report
from tracker.report import sections, series

HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "</svg><img src=x onerror=alert(1)>",
    "{{ 7*7 }}",
    "<font>",
]
VOID = {"meta", "input", "br", "img", "link"}


class Page(HTMLParser):
    """Elements with their attributes, and the text of each table row; fails on tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "tr":
            self.rows.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.rows and "tr" in self.open:
            self.rows[-1] += f"{data.strip()} "

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def market() -> pd.DataFrame:
    rows = [
        quote("BTC", 8692000, -1.52, name="비트코인"),
        quote("ETH", 173900.5, 2),
        quote(None, 41.3, None, flags=("name-missing",)),
    ]
    return table(
        *(block(START + timedelta(days=d), rows) for d in range(3)),
        block(START, [quote("BTC", 9000000, 1, flags=("currency-assumed",))], "published", site="b.kr"),
        *line([None], [7], symbol="ONCE", site=None),
    )  # fmt: skip


@pytest.fixture(scope="module")
def text() -> str:
    """The report of `market`, made once."""
    return report.render(market())


def test_what_stands_in_it() -> None:
    text = report.render(market(), tz="Asia/Seoul", title="A & B", made=datetime(2024, 4, 1, tzinfo=UTC))
    page = Page(text)
    assert (
        "<title>A &amp; B</title>" in text
        and "Made 2024-04-01 00:00 UTC" in text
        and "Times: Asia/Seoul" in text
    )
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)
    assert dict(facts) == {
        "quotes": "11", "snapshots": "5", "sites": "2", "coins": "3", "first quote": "2024-03-01",
        "last quote": "2024-03-03", "undated snapshots": "1", "flagged quotes": "4",
    }  # fmt: skip
    newest = [row for row in page.rows if row.startswith(("BTC", "ETH", "ONCE"))][:3]
    told = "BTC 비트코인 2024-03-03 09:00 8,692,000 KRW −1.52 24h 2024-03-03 09:00 capture a.kr"
    assert newest[0].split() == told.split()  # the first time is for narrow screens
    assert "173,900.5" in newest[1] and "+2" in newest[1]
    assert "unknown" in newest[2] and "no address" in newest[2]
    assert "Observed once" not in text  # ONCE is undated, BTC and ETH have charts
    assert len(page.all("svg")) == 5 and len(page.all("figure")) == 2
    assert [row.split()[0] for row in page.rows if "name-missing" in row or "currency-assumed" in row] == [
        "row"
    ] * 3 + ["BTC"]


def test_the_newest_quotes_stand_in_the_pages_own_order() -> None:
    rows = [quote(c, 10 + n) for n, c in enumerate(["XRP", "BTC", "ADA"])]
    old = block(START, [quote("ZEC", 1), quote("AAA", 2)])
    page = Page(report.render(table(old, block(START + timedelta(days=1), rows))))
    assert [row.split()[0] for row in page.rows[1:6]] == ["XRP", "BTC", "ADA", "ZEC", "AAA"]


def test_doubtful_rows_are_counted_by_flag_and_folded() -> None:
    flags = {"A": ("currency-assumed",), "B": ("currency-assumed", "sign-lost")}
    days = [START + timedelta(days=d) for d in range(30)]
    page = report.render(
        table(*(block(day, [quote(c, 1, 1, flags=f) for c, f in flags.items()]) for day in days))
    )
    parts = re.findall(r'<details><summary><span class="flag">(.*?)</span> (\d+).*?</details>', page, re.S)
    assert parts == [("sign-lost", "30"), ("currency-assumed", "60")]  # mere assumptions last
    assert [part.count("<tr data-find>") for part in page.split("<details>")[1:]] == [10, 10]


def holes(told: Any) -> set[str]:
    """What is put into a text, in its singular or its plural."""
    return set(re.findall(r"\{(\w*)\}", told if isinstance(told, str) else " ".join(told.values())))


@pytest.mark.parametrize("lang", some(languages(), 2))
def test_every_language_says_all(lang: str) -> None:
    words, english = language(lang).texts, language("en").texts
    assert set(words) == set(english)
    assert {key: holes(words[key]) for key in words} == {key: holes(english[key]) for key in english}
    text = report.render(market(), lang=lang)
    Page(text)
    assert f'<html lang="{lang}">' in text
    if lang == "ko":
        left = re.sub(r"<(script|style|svg).*?</\1>|<[^>]*>", " ", text, flags=re.S)
        assert not re.findall(r"\b(?:the|and|of|are|quotes?|coins?)\b", left)


@pytest.mark.parametrize("lang", languages())
def test_whoever_reads_pages_knows_it_for_a_report(lang: str) -> None:
    """Its prices are those of a store already: saved, published and crawled it is no page."""
    text = report.render(market(), lang=lang)
    meta = '<meta name="generator" content="ticker-tracker">\n'
    assert meta in text
    for told in (text, text.replace(meta, "")):  # the second is as older ones were
        with pytest.raises(Skipped, match="a report of a store, no page"):
            document.page(told.encode(), model.Page("", "crawl.warc.gz#1063"))


def test_findings_stand_in_it_by_kind() -> None:
    found = {"kind": "off-market", "value": "10.2", "evidence": "cost 8.6M", "symbol": "BTC", "site": "a.kr",
             "observed_at": START}  # fmt: skip
    text = report.render(market(), findings=[found] * 12)
    assert '<span class="flag">off-market</span> 12' in text and text.count("cost 8.6M") == 10
    assert 'id="findings"' not in report.render(market())


@pytest.mark.slow
def test_many_sites_are_their_median_and_the_page_stays_small() -> None:
    rows = [quote(c, 100 + n, 1) for n, c in enumerate("ABCDEFGH")]
    blocks = [
        block(START + timedelta(days=d, hours=s), rows, site=f"news{s}.kr")
        for d in range(60)
        for s in range(9)
    ]
    text = report.render(table(*blocks))
    assert "the median of the sites" in text and len(text.encode()) < 500_000


def test_equal_quotes_give_an_equal_page() -> None:
    quotes = market()
    assert report.render(quotes) == report.render(quotes.set_axis([0] * len(quotes)))


def test_times_are_in_the_readers_zone() -> None:
    assert "2024-03-02 19:00" in report.render(market(), tz="America/New_York")


@pytest.mark.parametrize(
    ("basis", "shown"),
    [
        ("capture", "2024-03-01 12:00"),
        ("stated-day", "2024-03-01"),
        ("published", "2024-03-01 12:00 or later"),
    ],
)
def test_a_time_is_shown_as_precisely_as_it_is_known(basis: str, shown: str) -> None:
    text = report.render(table(block(START + timedelta(hours=3), [quote("BTC", 1, 1)], basis)))
    wide = re.search(r'<td class="t less"[^>]*>(.*?)</td>', text)
    phone = re.search(r'<span class="phone">(.*?)</span>', text)
    assert wide and phone and wide[1] == phone[1] == shown


def test_it_loads_nothing_and_runs_only_its_own_script(text: str) -> None:
    page = Page(text)
    loading = {"src", "srcset", "data", "background", "poster", "action", "formaction"}
    assert not [a for _, a in page.elements if loading & set(a)]
    assert all(a.get("href", "#").startswith("https://") for a in page.all("a"))
    assert all(a.get("xlink:href", "#").startswith("#") for _, a in page.elements)
    assert all(u.startswith(("#", '"data:font/woff;')) for u in re.findall(r"url\((.*?)\)", text))
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert len(scripts) == 1 and f"script-src 'sha256-{digest}'" in text and "default-src 'none'" in text


@pytest.mark.slow
def test_everything_from_a_page_stays_text() -> None:
    def page(names: list[str]) -> str:
        rows = [
            quote(None, 5 + n, 1, name=t, currency=t, row_text=t, flags=("".join(t.split()),))
            for n, t in enumerate(names)
        ]
        return report.render(table(*(block(START + timedelta(days=d), rows) for d in range(2))))

    calm, hostile = (Page(page(names)) for names in (["a", "b", "c", "d", "e"], HOSTILE))
    shapes = [{(tag, *sorted(attributes)) for tag, attributes in page.elements} for page in (calm, hostile)]
    assert shapes[0] == shapes[1]
    assert all(
        len(calm.all(tag)) == len(hostile.all(tag)) for tag in ("script", "td", "span", "figure", "svg")
    )
    shown = " ".join(hostile.rows)
    assert all(text in shown for text in HOSTILE)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_any_name_gives_a_well_formed_page(name: str) -> None:
    name = name.encode("utf-8", "replace").decode("utf-8")
    Page(report.render(table(*line(hours(0, 1), [1, 2], symbol=None, name=name))))


LINKS = {
    "https://a.kr/x?y=1&z=2": True, "http://a.kr": True, "javascript:alert(1)": False,
    "JaVaScRiPt://a.kr/%0aalert(1)": False,
    "data:text/html,x": False, "file:///etc/passwd": False, "//a.kr/x": False, "https://": False, "http://[": False,
    "": False, None: False, "vbscript:x": False, " javascript:x": False,
}  # fmt: skip


def test_only_web_addresses_become_links() -> None:
    assert {url: sections.link(url) is not None for url in LINKS} == LINKS
    rows = market()
    df = pd.concat([rows.iloc[[-1]].assign(url=url, name=f"C{n}") for n, url in enumerate(LINKS)])
    df["symbol"] = df["name"]
    hrefs = {a["href"] for a in Page(report.render(df)).all("a")}
    assert hrefs == {url for url in LINKS if LINKS[url]}


def test_an_empty_store_gives_a_page_that_says_so() -> None:
    text = report.render(market().iloc[:0])
    assert "There are no quotes yet." in text and not Page(text).all("svg")


def test_undated_quotes_alone_give_a_page() -> None:
    text = report.render(table(*line([None, None], [1, 2])))
    assert "unknown" in text and 'id="histories"' not in text and 'id="movers"' not in text


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for room, limit in ((series, "CARDS"), (sections, "NEWEST"), (sections, "SITES"), (sections, "DOUBTS")):
        monkeypatch.setattr(room, limit, 1)
    text = report.render(market())
    left = re.findall(r'<p class="note">(\d+) more (?:is|are) not shown here', text)
    assert left == ["2", "1", "2", "2"]  # newest quotes, cards, sites, rows with the flag name-missing


def test_currencies_have_cards_of_their_own() -> None:
    df = table(
        *line(hours(0, 1), [1, 2]),
        *line(hours(0, 1), [3, 4], currency="USD"),
        *line(hours(0, 1), [5, 6], currency=None),
    )
    assert len(Page(report.render(df)).all("figure")) == 3


def test_pictures_do_not_share_ids(text: str) -> None:
    ids = [a["id"] for _, a in Page(text).elements if "id" in a]
    assert len(ids) == len(set(ids))


def test_colours_follow_the_page(text: str) -> None:
    pictures = "".join(re.findall(r"<svg.*?</svg>", text, re.S))
    assert "var(--series-0)" in pictures and not re.search(r"#[0-9a-f]{6}\b", pictures)
    for theme in ("light", "dark"):
        assert charts.css(theme) in text


def test_the_font_has_what_the_page_needs(text: str) -> None:
    from io import BytesIO

    from fontTools.ttLib import TTFont

    data = re.search(r"base64,([^\"]+)", text)
    assert data
    with TTFont(BytesIO(base64.b64decode(data[1]))) as font:
        assert set(map(ord, "비트코인BTC0123456789−")) <= set(font.getBestCmap())


@pytest.mark.slow
def test_it_is_small_enough_to_mail() -> None:
    coins = [f"C{n:02}" for n in range(24)]
    df = table(
        *(
            block(
                START + timedelta(hours=6 * t), [quote(c, 100 + (t * n) % 37, 1) for n, c in enumerate(coins)]
            )
            for t in range(400)
        )
    )
    assert len(report.render(df).encode()) < 1_000_000


def test_it_is_written_whole(tmp_path: Path) -> None:
    size = report.write(market(), tmp_path / "a.html", title="T")
    assert (tmp_path / "a.html").stat().st_size == size
    with pytest.raises(OutputError, match="no folder"):
        report.write(market(), tmp_path / "no" / "a.html")


def test_what_is_no_table_and_no_zone() -> None:
    with pytest.raises(TrackerError, match="no column url"):
        report.render(market().drop(columns="url"))
    with pytest.raises(TrackerError, match="Asia/Seoul"):
        report.render(market(), tz="Mars")
