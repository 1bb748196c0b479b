"""Every kind of chart at five sizes, with one to many coins and sites, over a day to six years, in every language.

Some are drawn into data/gallery/, where index.html shows them all; of all of them the boxes of the texts are measured. The
quotes are made, the same every time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from tracker import charts
from tracker.errors import TrackerError
from tracker.language import languages

SIZES = ((4, 3), (5, 3), (6, 4), (8, 5), (12, 7))
COINS, SITES = (1, 3, 8, 24), (1, 4)
SPANS = {"day": 1, "year": 365, "years": 6 * 365}
SHOWN = (1, 8, 24)  # coins of the pictures on the sheet
PRICES = {
    "BTC 비트코인": 97350000, "ETH 이더리움": 5123000, "XRP 리플": 812, "ADA 에이다": 713.5, "LTC 라이트코인": 120300,
    "BCH 비트코인 캐시": 610200, "EOS 이오스": 1120, "TRX 트론": 231, "XLM 스텔라루멘": 141, "XMR 모네로": 230100,
    "DASH 대시": 41200, "ETC 이더리움 클래식": 35120, "ZEC 제트캐시": 35650, "VET 비체인": 41.2, "WAVES 웨이브": 3120,
    "BAT 베이직어텐션토큰": 312, "SHIB 시바이누": 0.0213, "QTUM 퀀텀": 5120, "OMG 오미세고": 812, "LINK 체인링크": 21340,
    "ZIL 질리카": 31.2, "BTT 비트토렌트": 0.00121, "DOGE 도지코인": 231.4, "1INCH 1인치네트워크": 241.3,
}  # fmt: skip
TOUCH = (
    0.98,
    0.8,
)  # of a box's width and height: below that two boxes are taken for apart, as leading is no ink
FOLDER = Path("data/gallery")
EDGE = 3.0  # pixels that a box may stand over the picture's edge


@dataclass(frozen=True)
class Case:
    """One picture."""

    kind: str
    size: tuple[int, int]
    coins: int
    sites: int
    span: str
    lang: str

    def __str__(self) -> str:
        wide, high = self.size
        return f"{self.kind}-{wide}x{high}-{self.coins}c-{self.sites}s-{self.span}-{self.lang}"


def cases() -> Iterator[Case]:
    """All of them."""
    every = product(charts.kinds(), SIZES, COINS, SITES, SPANS, languages())
    return (Case(*parts) for parts in every)


def moments(span: str, site: int) -> pd.DatetimeIndex:
    """When a site was seen: a day by half hours, a year by days without some weeks, six years with holes of months."""
    start = pd.Timestamp("2018-03-05T00:00Z") + pd.Timedelta(minutes=7 * site)
    if span == "day":
        return pd.date_range(start, periods=48, freq="30min")
    days = pd.date_range(start, periods=SPANS[span], freq="D")
    number = np.arange(len(days))
    return days[number % 50 < 41] if span == "year" else days[(number % 400 < 60) | (number > 2000)]


def quotes(coins: int, sites: int, span: str) -> pd.DataFrame:
    """The tidy table of such pages; a tenth of the times of the first site are an article's date, the last day a day."""
    chance, parts = np.random.default_rng(coins + 100 * sites), []
    for site in range(sites):
        when = moments(span, site)
        basis = np.where(np.arange(len(when)) % 10 == 3, "published", "capture") if site == 0 else "capture"
        for rank, (printed, first) in enumerate(list(PRICES.items())[:coins], 1):
            symbol, _, name = printed.partition(" ")
            steps = chance.normal(0, 0.03, len(when))
            prices = [float(f"{first * move:.5g}") for move in np.exp(np.cumsum(steps))]
            part = {
                "snapshot_id": [f"{site}-{n}" for n in range(len(when))], "observed_at": when, "time_basis": basis,
                "site": f"site{site}.kr", "layout": "generic", "rank": rank, "name": name, "symbol": symbol,
                "currency": "KRW", "price": prices, "change_pct": (100 * steps).round(2),
                "change_window": "24h",
            }  # fmt: skip
            parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True)
    table.loc[table.observed_at == table.observed_at.max(), "time_basis"] = "stated-day"
    return table


def drawn(case: Case, table: pd.DataFrame) -> Figure:
    """The picture. TrackerError where its size is refused."""
    chart: Any = charts.plot(table, case.kind, size=case.size, lang=case.lang)
    figure: Figure = chart.figure.figure
    return figure


def boxes(figure: Figure) -> list[tuple[str, Any]]:
    """(text, box in pixels) of all that can be seen; labels of ticks out of view left out."""
    figure.draw_without_rendering()
    renderer, hidden = FigureCanvasAgg(figure).get_renderer(), set[int]()
    for axis in (a for axes in figure.axes for a in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        outside = [tick for tick in ticks if not low - 1e-9 <= tick.get_loc() <= high + 1e-9]
        hidden |= {id(label) for tick in outside for label in (tick.label1, tick.label2)}
    texts = [
        t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip() and id(t) not in hidden
    ]
    found = [
        (t.get_text(), t.get_window_extent(renderer)) for t in texts if t.axes is None or t.axes.get_visible()
    ]
    return [(text, box) for text, box in found if box.width > 1 and box.height > 1]


def fault(figure: Figure) -> str | None:
    """The first two texts that touch, or a text that leaves the picture."""
    found, (width, height) = boxes(figure), figure.get_size_inches() * figure.dpi
    for (one, box), (other, another) in combinations(found, 2):
        if box.shrunk(*TOUCH).overlaps(another.shrunk(*TOUCH)):
            return f"{one!r} touches {other!r}"
    for text, box in found:
        if min(box.x0, box.y0) < -EDGE or box.x1 > width + EDGE or box.y1 > height + EDGE:
            return f"{text!r} leaves the picture"
    return None


def table(folder: Path = FOLDER) -> str:
    """Draw, measure, and tell kind by kind; below what touches or is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {(c, s, span): quotes(c, s, span) for c, s, span in product(COINS, SITES, SPANS)}
    counts = {kind: Counter[str]() for kind in charts.kinds()}
    said, shown = [], []
    for case in cases():
        counts[case.kind]["pictures"] += 1
        try:
            figure = drawn(case, tables[case.coins, case.sites, case.span])
        except TrackerError as error:
            counts[case.kind]["refused"] += 1
            said.append(f"- {case}: {error}")
            continue
        wrong = fault(figure)
        if wrong:
            counts[case.kind]["touch"] += 1
            said.append(f"- {case}: {wrong}")
        if wrong or (case.coins in SHOWN and (case.sites, case.span) in {(1, "year"), (4, "years")}):
            charts.save(figure, folder / f"{case}.png")
            shown.append(str(case))
    (folder / "index.html").write_text(_sheet(shown), "utf-8")
    lines = [
        f"| {kind} | {n['pictures']:,} | {n['touch']:,} | {n['refused']:,} |" for kind, n in counts.items()
    ]
    head = ["| kind | pictures | texts touch or leave | refused |", "|---|--:|--:|--:|"]
    return "\n".join([*head, *lines, "", *said])


def _sheet(names: list[str]) -> str:
    """A page of all pictures that were kept."""
    figures = "".join(
        f'<figure><img src="{escape(name)}.png" loading="lazy" alt=""><figcaption>{escape(name)}</figcaption></figure>'
        for name in names
    )
    style = (
        "body{background:#888;font:13px sans-serif}figure{display:inline-block;margin:6px}img{max-width:48vw}"
    )
    return f"<!doctype html><meta charset=utf-8><title>Charts</title><style>{style}</style>{figures}"
