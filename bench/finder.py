"""Finding: HTML pages with a block, against BeautifulSoup and a regular expression doing the same job

One article page of a hundred kilobytes, with navigation, scripts, related articles and the list of the first page in
its markup. Ours searches its bytes, makes lines of it, tries the layouts, reads 24 rows and settles their time. Theirs
makes text of it and finds the same rows with one expression. Then the price of a page without a block.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup

from tracker.finder.find import examine
from tracker.finder.gate import watch
from tracker.layouts import layout
from tracker.model import Page
from tracker.pages.document import page

from . import Ratio, ratios, side_by_side

FIRST = Path(__file__).parent.parent / "seeds" / "000_35ec38ae2d22f11d.txt"
PAGES = 10  # in one measurement
ROW = re.compile(r"([^\d\n]*?)\s*([\d,.]+)\s+([+-]?[\d.]+%)")
BARE = Page(text="", source="page.html", url="https://www.etoday.co.kr/news/view/1")


def html() -> bytes:
    """The first page as a site would serve it."""
    article, _, block = FIRST.read_text("utf-8").partition("실시간 암호화폐 시세")
    body = "".join(f"<p class='body'>{line}</p>\n" for line in article.splitlines() if line.strip())
    cells = [line.strip(" •") for line in block.splitlines() if line.strip(" •")]
    items = "".join(f"<li><span class='cell'>{cell}</span></li>" for cell in cells[:-1])
    menu = "".join(f"<li><a href='/section/{n}?page=1' class='menu'>섹션 {n}</a></li>" for n in range(400))
    related = "".join(f"<div class='card'><a href='/news/view/{n}'><img src='/i/{n}.jpg' alt=''><h3>다른 기사 {n}</h3>"
                      f"<p>본문의 첫 문장이 여기에 놓인다.</p></a></div>" for n in range(240))  # fmt: skip
    script = (
        "<script>window.data = ["
        + ",".join(f'{{"id": {n}, "on": true}}' for n in range(1500))
        + "];</script>"
    )
    return (
        f"<!doctype html><html lang='ko'><head><meta charset='utf-8'><title>기사</title>{script}</head><body>"
        f"<ul>{menu}</ul><article>{body}</article><aside><h2>실시간 암호화폐 시세</h2><ul>{items}</ul>"
        f"<p>{cells[-1]}</p></aside><section>{related}</section></body></html>"
    ).encode()


def ours(data: bytes) -> int:
    """How many rows we find."""
    if not watch()(data):
        return 0
    return sum(len(block.quotes) for block in examine(page(data, BARE)).blocks)


def theirs(data: bytes, parser: str) -> int:
    """How many rows the expression finds."""
    text = BeautifulSoup(data, parser).get_text("\n", strip=True)
    return len(ROW.findall(text.partition("실시간 암호화폐 시세")[2].partition("* 24시간")[0]))


def table() -> str:
    """Pages with a block against both of BeautifulSoup's parsers; a page without one against one with."""
    data, none = html(), html().replace("비트코인".encode(), b"").replace("암호화폐".encode(), b"")
    if not ours(data) == theirs(data, "lxml") == theirs(data, "html.parser") == 24:
        raise RuntimeError("both sides must find the 24 rows")
    searched = tuple(layout.load())
    return ratios(
        [
            _ratio(
                f"a page with a block ({len(data) // 1000} kB) / BeautifulSoup, {parser}", ours, data, parser
            )
            for parser in ("html.parser", "lxml")
        ]
        + [
            Ratio(
                "a page without a block / one with",
                *side_by_side(_timed(lambda: watch(searched)(none)), _timed(lambda: ours(data))),
                "microseconds, not a parse",
            )
        ]
    )


def _ratio(what: str, us: Callable[[bytes], int], data: bytes, parser: str) -> Ratio:
    goal = "0.1 or less" if parser == "html.parser" else "for orientation"
    return Ratio(what, *side_by_side(_timed(lambda: us(data)), _timed(lambda: theirs(data, parser))), goal)


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    """Processor seconds of PAGES times the work."""

    def run() -> float:
        start = time.process_time()
        for _ in range(PAGES):
            work()
        return time.process_time() - start

    return run
