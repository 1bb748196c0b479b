"""The report in a real browser: Debian's Chromium, driven by Playwright. Run by `make test-browser`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from chart_quotes import START, block, line, quote, table

from tracker.report import page as report

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
HOSTILE = '"><script>document.title = "taken"</script><img src=x onerror="document.title = \'taken\'">'
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "there is no Chromium: apt-get install chromium, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    rows = [
        quote("BTC", 8692000, -1.52, name="비트코인"), quote("ETH", 173900, 2.5, name="이더리움"),
        quote("XRP", 264, None, name="리플"), quote("ADA", 43.9, 10, name="에이다"),
        quote(None, 5, 1, name=HOSTILE, row_text=HOSTILE, flags=("symbol-unknown",)),
    ]  # fmt: skip
    moved = [[replace(q, price=q.price + d if q.price > 1000 else q.price) for q in rows] for d in range(3)]
    blocks = [block(START + timedelta(days=d), moved[d]) for d in range(3)]
    path = tmp_path_factory.mktemp("report") / "report.html"
    report.write(table(*blocks, *line([None], [7], symbol="LTC", site=None)), path)
    return path.as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The report, opened; fails at the end if anything was logged, thrown or asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda request: (
            trouble.append(request.url) if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.goto(address)
    yield page
    assert not trouble
    context.close()


def column(page: Page, number: int) -> list[str]:
    """The cells of one column of the newest quotes that can be seen."""
    cells = page.locator(f"#newest tbody tr:visible td:nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_it_opens_quietly(page: Page) -> None:
    assert page.title() == "Coin prices, as the pages showed them"
    assert page.locator("svg").count() == 8  # five coins, comparison, movers, coverage
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Drawn', '비트코인'))")


@pytest.mark.parametrize(
    ("head", "number", "up"),
    [
        ("Price", 2, ["5", "7", "43.9", "264", "173,902", "8,692,002"]),
        ("Change, %", 4, ["−1.52", "+1", "+2.5", "+10", "", ""]),
        ("Window", 5, ["24h"] * 6),
    ],
)
def test_tables_sort_both_ways(page: Page, head: str, number: int, up: list[str]) -> None:
    button = page.locator("#newest th button", has_text=head)
    button.click()
    assert column(page, number) == up
    assert page.locator("#newest th[aria-sort=ascending]").inner_text().startswith(head)
    button.click()
    filled = [text for text in up if text]
    assert column(page, number) == filled[::-1] + [""] * (len(up) - len(filled))  # what is missing stays last
    assert page.locator("#newest th[aria-sort]").count() == 1


def test_sorting_by_keyboard(page: Page) -> None:
    page.locator("#newest th button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#newest th").first.get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize(
    ("words", "coins"),
    [
        ("btc", 1),
        ("이더", 1),
        ("BTC, 리플", 2),
        ("BTC 리플", 0),
        ("비트 btc", 1),
        ("doge", 0),
        ("", 6),
        ("  ", 6),
    ],
)
def test_the_filter_finds_coins_by_symbol_and_name(page: Page, words: str, coins: int) -> None:
    page.locator("#filter").fill(words)
    assert len(column(page, 1)) == coins
    assert page.locator(".card:visible").count() == min(coins, 5)
    assert (f"{coins} of 6" in page.locator("output").inner_text()) == bool(words.strip())


def test_a_hostile_name_stays_text(page: Page) -> None:
    assert page.title() != "taken" and page.locator("img").count() == 0
    assert HOSTILE in page.locator("#newest").inner_text()
    page.locator("#doubts summary").first.click()
    assert HOSTILE in page.locator("#doubts").inner_text()
    assert page.locator(".card svg").last.get_attribute("aria-label").startswith(HOSTILE[:20])


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
def test_it_fits_the_screen(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    wide = page.locator(".card svg").first.bounding_box()
    assert wide and wide["width"] > 250


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_reader(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    picture = page.evaluate("getComputedStyle(document.querySelector('#movers svg path')).fill")
    assert ground == picture == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 29)"}[scheme]


def test_the_date_of_each_quote_is_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    dates = page.locator("#newest .phone").all()
    assert len(dates) == 6
    for date in dates:
        box = date.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert "2024-03-03 09:00" in dates[0].inner_text()


def test_values_by_mouse_touch_and_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(address)
    card = page.locator(".card").first
    chart, read = card.locator("svg"), card.locator(".read")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    chart.hover(position={"x": box["width"] - 8, "y": 40})
    assert "2024-03-03 09:00 8,692,002 KRW a.kr" in " ".join(read.inner_text().split())
    assert str(read.locator("a").get_attribute("href")).startswith("https://a.kr/")
    page.touchscreen.tap(box["x"] + 60, box["y"] + 60)
    assert "2024-03-01" in read.inner_text()
    chart.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert "2024-03-02 09:00" in str(chart.get_attribute("aria-valuetext"))
    context.close()


def test_the_span_is_a_choice_for_all_charts(page: Page) -> None:
    told = page.locator(".card").first.locator(".extremes")
    assert "lowest 8,692,000 (2024-03-01), highest 8,692,002 (2024-03-03)" in told.inner_text()
    page.locator("#span input[value=own]").check()
    page.locator("#from").fill("2024-03-02")
    page.locator("#to").fill("2024-03-02")
    assert "lowest 8,692,001 (2024-03-02), highest 8,692,001 (2024-03-02)" in told.inner_text()
    page.locator("#from").fill("2030-01-01")
    page.locator("#to").fill("")
    assert page.locator(".card .picture").first.inner_text() == "Nothing in this span."
    page.locator("#span input[value=all]").check()
    assert "8,692,000" in told.inner_text()


def test_the_data_of_a_card_leave_the_page_as_csv(page: Page) -> None:
    with page.expect_download() as download:
        page.locator(".card button").first.click()
    assert download.value.suggested_filename == "BTC.csv"
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "observed_at,price,currency,site,time_basis,url" and len(lines) == 4
    assert lines[1].startswith("2024-03-01T00:00:00.000Z,8692000,KRW,a.kr,capture,https://a.kr/")


def test_the_coins_compared_are_a_choice(page: Page) -> None:
    names = page.locator("#comparison svg text[style]")
    assert names.count() == 5
    page.locator("#chosen label", has_text="ETH").click()
    assert names.count() == 4 and "ETH" not in " ".join(names.all_text_contents())


@pytest.mark.parametrize("size", SIZES.values(), ids=list(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_is_accessible(
    browser: Browser, tmp_path: Path, size: tuple[int, int], scheme: Any, lang: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    rows = [
        quote("BTC", 8692000, -1.52, name="비트코인"),
        quote("ETH", 173900, 2.5, flags=("sign-inferred",)),
    ]
    report.write(
        table(*(block(START + timedelta(days=d), rows) for d in range(3))), tmp_path / "a.html", lang=lang
    )
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    page.goto((tmp_path / "a.html").as_uri())
    page.locator("#doubts summary").first.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_it_prints_in_light_without_the_filter(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#filter").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_it_reads_without_its_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert len(column(page, 1)) == 6 and not page.locator("#filter").is_visible()
    context.close()
