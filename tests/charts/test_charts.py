"""Every kind of chart, read back from its artists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from at_length import some
from chart_quotes import START, block, hours, line, quote, table
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from bench import gallery
from tracker import charts
from tracker.charts import _style
from tracker.errors import TrackerError

KINDS = charts.kinds()


def lines(ax: Axes) -> dict[str, Any]:
    """The lines that stand for observations, by label."""
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def points(line: Any) -> list[tuple[float, float]]:
    """(hours after START, value), NaN pairs at gaps."""
    x, y = line.get_data()
    return [(round((a - date2num(START)) * 24, 6), round(float(b), 6)) for a, b in zip(x, y, strict=True)]


def words(drawn: Axes | Figure) -> str:
    """All that is written on the figure, the key included."""
    figure = drawn.figure.figure
    texts = [*figure.texts, *(t for legend in figure.legends for t in legend.get_texts())]
    for ax in figure.axes:
        legend = ax.get_legend()
        texts += [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
        texts += [*ax.get_xticklabels(), *ax.get_yticklabels(), *(legend.get_texts() if legend else ())]
    return "\n".join(t.get_text() for t in texts)


def small_print(drawn: Axes | Figure) -> str:
    """The foot of the sheet as one text."""
    texts = [t for t in drawn.figure.figure.texts if t.get_va() == "bottom"]
    return " ".join(t.get_text() for t in sorted(texts, key=lambda t: -t.get_position()[1]))


def sticks(ax: Axes, label: str) -> list[tuple[float, float]]:
    """(hours after START, value) of the sticks with that label."""
    found = [c for c in ax.collections if c.get_label() == label]
    tops = [segment[1] for collection in found for segment in collection.get_segments()]
    return [(round((x - date2num(START)) * 24, 6), round(float(y), 6)) for x, y in tops]


def market(days: int = 6, coins: str = "BTC ETH XRP") -> pd.DataFrame:
    """A snapshot a day of several coins, prices and changes told by place."""
    names = list(enumerate(coins.split()))
    return table(
        *(
            block(START + timedelta(days=d), [quote(c, 100 * (n + 1) + d, n - 1 + d / 10) for n, c in names])
            for d in range(days)
        )
    )


# ---- all kinds


def test_the_folder_is_the_registry() -> None:
    folder = Path(charts.__file__).parent
    assert tuple(sorted(p.stem for p in folder.glob("[a-z]*.py"))) == KINDS
    assert {"history", "indexed", "change", "heatmap", "movers", "coverage"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_draws(kind: str, theme: str) -> None:
    drawn = charts.plot(market(), kind, theme=theme, title="A title")
    figure = drawn.figure.figure
    figure.draw_without_rendering()
    assert tuple(figure.get_size_inches() * figure.dpi) == (1200, 700)
    said = words(drawn)
    assert "A title" in said and "a.kr" in said and "made" in said and "capture" in said


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_on_given_axes(kind: str) -> None:
    figure = Figure()
    ax = figure.subplots(1, 2)[1]
    assert charts.plot(market(coins="BTC"), kind, ax=ax) is ax
    figure.draw_without_rendering()
    assert figure.axes[1] is ax and ax.has_data()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_drawn_over_the_neighbours_of_given_axes(kind: str) -> None:
    figure = Figure((9, 6))
    ax, *others = figure.subplots(2, 2).flat
    slot = ax.get_window_extent().frozen()
    charts.plot(market(coins="BTC"), kind, ax=ax)
    for other in others:
        other.remove()
    boxes = [box for _, box in gallery.boxes(figure)]
    assert boxes and all(b.x0 >= slot.x0 - 3 and b.x1 <= slot.x1 + 3 for b in boxes)
    assert all(b.y0 >= slot.y0 - 3 and b.y1 <= slot.y1 + 3 for b in boxes)


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "movers"])
def test_dates_are_in_the_readers_zone(kind: str) -> None:
    for zone in ("Asia/Seoul", "America/New_York"):
        assert zone in words(charts.plot(market(), kind, tz=zone))


@pytest.mark.parametrize("kind", some(KINDS, 3))
def test_hostile_names_are_drawn_as_text(kind: str, tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "$x_{", "비트코인", "_a", "\x00\x1b", "😀" * 60, "ไทย"]
    rows = [quote(None, 10 + n, n - 2, name=name, currency=None) for n, name in enumerate(names)]
    df = table(
        block(START, rows), block(START + timedelta(days=1), rows, "published", site=None), block(None, rows)
    )
    for ending in (".png", ".svg"):
        charts.save(charts.plot(df, kind, size=(14, 9), dpi=50), tmp_path / f"a{ending}")
    assert "<script>" not in (tmp_path / "a.svg").read_text("utf-8")


def test_nothing_is_shown_and_nothing_global_changes() -> None:
    code = (
        "import sys, matplotlib; before = dict(matplotlib.rcParams)\n"
        "from test_charts import market, charts\n"
        "for kind in charts.kinds(): charts.plot(market(), kind)\n"
        "assert dict(matplotlib.rcParams) == before\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parent, *Path(__file__).parents[1:3]))),
        "MPLBACKEND": "TkAgg",
    }
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_the_users_own_style_does_not_break_a_chart() -> None:
    with matplotlib.rc_context({"font.family": ["DejaVu Sans"], "axes.grid": True, "lines.marker": "x"}):
        ax = charts.plot(table(*line(hours(0, 1), [1, 2], name="비트코인")), tz="UTC")
    ax.figure.figure.draw_without_rendering()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "kind": ({"kind": "pie"}, "choose from change, coverage"),
    "option": ({"kind": "heatmap", "log": True}, "has no option log; it has .*step"),
    "theme": ({"theme": "sepia"}, "light or dark"),
    "zone": ({"tz": "Mars"}, "Asia/Seoul"),
    "gap": ({"gap": "soon"}, "3d, 36h"),
    "panels": ({"panels": "two"}, "auto, each or one"),
    "step": ({"kind": "heatmap", "step": "fortnight"}, "hour, day"),
    "base": ({"kind": "indexed", "base": "yesterday-ish"}, "2024-03-29"),
    "snapshot": ({"kind": "movers", "snapshot": "x"}, "snapshot_id"),
    "size": ({"size": (1200, 700)}, "inches"),
    "room": ({"size": (3, 2), "panels": "each"}, "larger size"),
    "coins": ({"coins": ["DOGE"]}, "No observation of DOGE"),
    "currency": ({"currency": "USD"}, "18 not in USD"),
    "two coins on one percent axis": ({"kind": "change", "ax": "given"}, "cannot hold 3 panels"),
}


@pytest.mark.parametrize(("given", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused_and_why(given: dict[str, Any], reason: str) -> None:
    if given.get("ax") == "given":
        given = given | {"ax": Figure().subplots()}
    with pytest.raises(TrackerError, match=reason):
        charts.plot(market(), **given)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_draw_is_said(kind: str) -> None:
    with pytest.raises(TrackerError, match="nothing to draw"):
        charts.plot(market().iloc[:0], kind)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(TrackerError, match="has no column observed_at, price"):
        charts.plot(market().drop(columns=["price", "observed_at"]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_index_and_types_do_not_matter(kind: str) -> None:
    df = market()
    texts = ["symbol", "site", "currency", "time_basis", "layout"]
    odd = df.astype(dict.fromkeys(texts, "category")).set_axis([0] * len(df))
    calm, drawn = (charts.plot(d, kind, coins=["BTC", "ETH"]) for d in (df, odd))
    assert words(calm) == words(drawn)


def test_exact_decimals_draw_too() -> None:
    df = market(coins="BTC")
    df["price"] = df["price"].map(str).astype(object)
    assert charts.plot(df, "history").has_data()


# ---- history


def test_history_has_every_point_and_breaks_at_gaps() -> None:
    ax = charts.plot(table(*line(hours(0, 1, 2, 100, 101), [10, 11, 12, 13, 14])))
    assert points(lines(ax)["BTC a.kr"])[:3] == [(0, 10), (1, 11), (2, 12)]
    assert np.isnan(points(lines(ax)["BTC a.kr"])[3]).all()
    assert points(lines(ax)["BTC a.kr"])[4:] == [(100, 13), (101, 14)]
    assert {"KRW per coin", "Price of BTC in KRW"} <= set(words(ax).split("\n"))
    assert "Points up to 3 hours apart are joined." in small_print(ax)


def test_the_gap_is_an_option() -> None:
    df = table(*line(hours(0, 1, 2, 50), [10, 11, 12, 13]))
    joined = lines(charts.plot(df, gap="49h"))["BTC a.kr"]
    assert not np.isnan(joined.get_ydata()).any()
    assert np.isnan(lines(charts.plot(df, gap="30min"))["BTC a.kr"].get_ydata()).sum() == 3


def test_published_times_are_hollow_and_apart() -> None:
    df = table(*line(hours(0, 2), [1, 2]), *line(hours(1, 3), [5, 6], basis="published"))
    ax = charts.plot(df)
    sure, published = lines(ax)["BTC a.kr"], lines(ax)["BTC a.kr (published)"]
    assert points(sure) == [(0, 1), (2, 2)] and points(published) == [(1, 5), (3, 6)]
    assert published.get_markerfacecolor() == "none" and sure.get_markerfacecolor() != "none"
    assert published.get_linestyle() == ":" and "price shown then or later" in words(ax)


def test_what_changes_lead_to_is_hollow_and_joined_to_nothing() -> None:
    df = table(
        *line(hours(24, 26), [110, 90], change_pct=Decimal(10)), *line(hours(28), [8], change_pct=Decimal(-100)),
        *line(hours(30), [100], basis="published", change_pct=Decimal(25)),
        *line(hours(32), [70], change_window="1d", change_pct=Decimal(3)),
    )  # fmt: skip
    plain, drawn = (lines(charts.plot(df, implied=implied)) for implied in (False, True))
    before = drawn.pop("BTC a.kr (implied)")
    assert points(before) == [(0, 100), (2, round(90 / 1.1, 6))]
    assert before.get_markerfacecolor() == "none" and before.get_linestyle() == "None"
    assert {name: points(line) for name, line in drawn.items()} == {
        name: points(line) for name, line in plain.items()
    }


def test_what_changes_lead_to_is_told_in_the_key_and_counted() -> None:
    drawn = charts.plot(market(), implied=True, coins=["BTC"])
    assert "price of 24 h before that a printed change leads to" in words(drawn).split("\n")
    assert "6 quotes in 6 snapshots" in small_print(drawn) and "capture 6, implied 6" in small_print(drawn)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "history"])
def test_only_history_draws_what_changes_lead_to(kind: str) -> None:
    df = market()
    before = df.assign(observed_at=df.observed_at - timedelta(days=1), time_basis="implied", change_pct=None)
    shown, same = (charts.plot(each, kind) for each in (pd.concat([df, before]), df))
    left = "Quotes left out: 18 that changes lead to." if kind != "movers" else ""
    assert small_print(shown).replace(left, "").split() == small_print(same).split() or kind == "movers"
    for one, other in zip(shown.figure.axes, same.figure.axes, strict=True):
        assert (one.get_xlim(), one.get_ylim()) == (other.get_xlim(), other.get_ylim())


@pytest.mark.parametrize("kind", ["history", "indexed"])
def test_under_a_median_a_coin_of_articles_dates_alone_is_left_out_and_named(kind: str) -> None:
    df = table(*line(hours(0, 24), [1, 2]), *line(hours(0, 24), [1, 2], symbol="ETH", basis="published"))
    drawn = charts.plot(df, kind, by="median")
    assert "Coins not drawn, known by an article's date alone: ETH." in small_print(drawn)
    assert len(drawn.figure.axes) == 1


def off_market(times: list[Any], prices: list[float], factors: dict[int, float]) -> pd.DataFrame:
    """One coin's history, in which the prices of some places are off by a factor and found to be."""
    given = [round(price * factors.get(n, 1), 6) for n, price in enumerate(prices)]
    df = table(*line(times, given))
    return df.assign(findings=[["off-market"] if n in factors else ["alike"] for n in range(len(df))])


@pytest.mark.parametrize("by", [None, "median"])
def test_what_is_off_the_market_does_not_move_the_axis(by: str | None) -> None:
    factors = {1: 1000.0, 3: 0.001}
    df, times = off_market(hours(*range(6)), [100, 102, 104, 103, 101, 100], factors), date2num(hours(1, 3))
    ax = charts.plot(df, by=by)
    assert 90 < ax.get_ylim()[0] < 100 and 104 < ax.get_ylim()[1] < 110
    drawn = lines(ax)
    assert [list(drawn[f"{side} the axis"].get_xdata()) for side in ("above", "below")] == [
        [t] for t in times
    ]
    assert {"102,000", "0.103"} <= set(words(ax).split("\n"))
    assert "off the market, beyond the axis" in words(ax) and "off the market\n" not in words(ax)
    assert "Off the market: BTC a.kr 2024-03-01: 102,000; BTC a.kr 2024-03-01: 0.103." in small_print(ax)


def test_what_is_off_the_market_and_near_has_a_ring_and_no_line() -> None:
    df = off_market(hours(*range(5)), [100, 110, 120, 130, 140], {2: 1.2})
    ax = charts.plot(df)
    drawn = lines(ax)
    assert points(drawn["off the market"]) == [(2, 144)] and "144" not in small_print(
        charts.plot(df[df.price < 144])
    )
    assert points(drawn["BTC a.kr"]) == [(0, 100), (1, 110), (3, 130), (4, 140)]
    assert ax.get_ylim()[1] > 144 and "off the market\n" in words(ax) + "\n"
    assert "off the market" not in words(charts.plot(df.drop(columns="findings"))), "as printed"


def test_all_is_off_the_market() -> None:
    df = off_market(hours(*range(3)), [100, 110, 120], dict.fromkeys(range(3), 1000.0))
    for options in ({}, {"by": "median"}, {"log": True}):
        assert len(points(lines(charts.plot(df, **options))["off the market"])) == 3
    with pytest.raises(TrackerError, match="No observation near the base"):
        charts.plot(df, "indexed")


def test_prices_off_the_market_are_not_computed_with() -> None:
    df = off_market(hours(0, 24, 48), [100, 100, 110], {1: 1000.0}).assign(change_pct=1.0)
    ax = charts.plot(df, "change")
    assert "computed" not in words(ax)
    calm = charts.plot(df.drop(columns="findings"), "change")
    assert ax.get_ylim()[1] < 2 < calm.get_ylim()[1]


@pytest.mark.parametrize("basis", ["stated-day", "given-day"])
def test_a_day_is_drawn_as_wide_as_it_is(basis: str) -> None:
    noon = START + timedelta(hours=3)  # 12:00 in Seoul
    ax = charts.plot(table(*line([noon], [7], basis=basis)))
    (bar,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    np.testing.assert_allclose((bar.get_segments()[0] - [date2num(START), 0]) * [24, 1], [[-9, 7], [15, 7]])
    assert ax.get_xlim()[0] <= date2num(noon) - 0.5 and ax.get_xlim()[1] >= date2num(noon) + 0.5


def test_what_is_left_out_is_counted() -> None:
    df = table(
        *line(hours(0, 1), [1, 2]), *line([None, None, None], [1, 1, 1]), block(hours(1)[0], [quote(None, 5)]),
        *line(hours(5), [9], symbol="ETH"),
    )  # fmt: skip
    said = small_print(charts.plot(df))
    assert "Quotes left out: 1 nameless, 3 undated." in said
    assert "Coins not drawn, observed once: ETH." in said


def test_the_most_observed_coins_come_first() -> None:
    coins = [f"C{n:02}" for n in range(15)]
    blocks = [
        b for n, coin in enumerate(coins) for b in line(hours(*range(2 + n)), [10**n] * (2 + n), symbol=coin)
    ]
    figure = charts.plot(table(*blocks))
    assert [ax.get_title("left") for ax in figure.axes] == coins[:2:-1]
    assert "Coins not drawn, as 12 are drawn at most: C02, C01 and C00." in small_print(figure)


@pytest.mark.parametrize(
    ("kind", "limit"), [("history", 12), ("change", 12), ("indexed", 8), ("heatmap", 40)]
)
@pytest.mark.parametrize("size", some([[4, 3], [12, 7]], 2))
def test_why_a_coin_is_not_drawn_is_true(kind: str, limit: int, size: tuple[float, float]) -> None:
    often = [f"C{n:02}" for n in range(45)]
    days = [START + timedelta(days=d) for d in range(3)]
    blocks = [block(day, [quote(coin, 10 + d, 1 + d) for coin in often]) for d, day in enumerate(days)]
    said = small_print(
        charts.plot(
            table(*blocks, *line(days[:1], [1], symbol="ONCE", change_pct=Decimal(1))), kind, size=size
        )
    )
    if "…" not in said:  # else the foot of a small sheet is full
        assert "observed once: ONCE" in said
    cut = re.search(r"(as \d+ are drawn at most|for want of room): C(\d\d), .* and (\d+) more", said)
    assert cut
    drawn, more = int(cut[2]), int(cut[3])
    assert drawn + 6 + more == len(often)  # those named follow those drawn, and none is missing
    assert (cut[1] == f"as {limit} are drawn at most") == (drawn == limit)


def test_named_coins_are_drawn_in_their_order() -> None:
    figure = charts.plot(market(), coins=["XRP", "NONE", "BTC"], panels="each")
    assert [ax.get_title("left") for ax in figure.axes] == ["XRP", "BTC"]
    assert "No observation of NONE." in words(figure)


def test_currencies_never_share_an_axis() -> None:
    blocks = [b for c in ("KRW", "USD", None) for b in line(hours(0, 1), [1, 2], currency=c)]
    for panels in ("auto", "each", "one"):
        figure = charts.plot(table(*blocks), panels=panels)
        heads = [ax.get_title("left") for ax in figure.axes]
        assert sorted(heads) == ["BTC  KRW", "BTC  USD", "BTC  currency not stated"]
        assert [len(lines(ax)) for ax in figure.axes] == [1, 1, 1]
    with pytest.raises(TrackerError, match="cannot hold 3 panels"):
        charts.plot(table(*blocks), ax=Figure().subplots())
    assert "USD per coin" in words(charts.plot(table(*blocks), currency="USD"))


def test_sites_are_told_apart_by_colour_and_marker() -> None:
    ax = charts.plot(table(*line(hours(0, 1), [1, 2]), *line(hours(0, 1), [3, 4], site="b.kr")))
    one, other = lines(ax).values()
    assert one.get_color() != other.get_color() and one.get_marker() != other.get_marker()
    assert {"a.kr", "b.kr"} <= set(words(ax).split("\n"))


@pytest.mark.parametrize(
    ("high", "panels", "axes"), [(150, "auto", 1), (9000, "auto", 2), (9000, "one", 1), (150, "each", 2)]
)
def test_coins_share_an_axis_if_their_prices_are_alike(high: float, panels: str, axes: int) -> None:
    df = table(*line(hours(0, 1), [100, 101]), *line(hours(0, 1), [high, high], symbol="ETH"))
    drawn = charts.plot(df, panels=panels)
    assert len(drawn.figure.figure.axes) == axes
    if axes == 1:  # then the lines bear their names
        assert {"BTC", "ETH"} <= {t.get_text() for t in drawn.texts}


def test_a_logarithmic_axis() -> None:
    assert charts.plot(market(coins="BTC"), log=True).get_yscale() == "log"
    assert charts.plot(market(coins="BTC")).get_yscale() == "linear"


def test_a_price_axis_does_not_go_below_zero() -> None:
    assert charts.plot(table(*line(hours(0, 1), [0.001, 900]))).get_ylim()[0] == 0


def test_empty_years_are_folded_visibly() -> None:
    df = table(*line(hours(0, 24, 24 * 1500, 24 * 1520), [1, 2, 3, 4]))
    ax = charts.plot(df)
    assert "4.1 years without observations" in words(ax)
    assert [h for h, _ in points(lines(ax)["BTC a.kr"]) if h == h] == [0, 24, 24 * 1500, 24 * 1520]
    ends = ax.transAxes.inverted().transform(
        ax.transData.transform([(date2num(t), 1) for t in hours(24, 24 * 1500)])
    )
    assert ends[1, 0] - ends[0, 0] < 0.4
    assert "without observations" not in words(charts.plot(df, fold=False))


def test_a_lone_point_in_a_crowd_is_still_seen() -> None:
    times = [n / 10 for n in range(2, 202)] + [2000.0]
    drawn = lines(charts.plot(table(*line(hours(*times), range(1, 202)))))["BTC a.kr"]
    (only,) = drawn.get_markevery()
    x, y = points(drawn)[only]
    assert (x, y) == (2000, 201) and np.isnan(points(drawn)[only - 1]).all()


def test_every_mark_is_an_observation() -> None:
    few = lines(charts.plot(table(*line(hours(*range(20)), range(1, 21)))))["BTC a.kr"]
    many = lines(charts.plot(table(*line(hours(*range(400)), range(1, 401)))))["BTC a.kr"]
    assert (few.get_markevery(), many.get_markevery()) == (None, [])


def test_many_points_are_thinned_and_keep_their_extremes() -> None:
    n = 30_000
    one = market(days=1, coins="BTC")
    df = one.loc[one.index.repeat(n)].reset_index(drop=True)
    df["observed_at"] = one["observed_at"].iloc[0] + pd.to_timedelta(np.arange(n), unit="min")
    df["price"] = 1000 + np.sin(np.arange(n))
    df.loc[12_345, "price"] = 5000.0
    ax = charts.plot(df)
    assert len(lines(ax)["BTC a.kr"].get_ydata()) <= 1201
    (band,) = [c for c in ax.collections if c.get_label() == "BTC a.kr (range)"]
    ys = np.concatenate([path.vertices[:, 1] for path in band.get_paths()])
    assert (ys.min(), ys.max()) == (df["price"].min(), 5000)
    assert "lowest to highest in a pixel; line: median" in words(ax)


# ---- many sites


def crowd(sites: int, days: int = 10) -> pd.DataFrame:
    """One coin on many sites, each a won apart from the next; the last of them shows a tenth of the price."""
    rows = [
        block(START + timedelta(days=d, minutes=s), [quote("BTC", (1000 + d * 10 + s) / (10 if s == sites - 1 else 1), s)],
              site=f"news{s}.kr")
        for d in range(days) for s in range(sites)
    ]  # fmt: skip
    return table(*rows)


@pytest.mark.parametrize(("sites", "drawn"), [(1, 1), (6, 6), (7, 1), (40, 1)])
def test_more_than_six_sites_are_one_line(sites: int, drawn: int) -> None:
    ax = charts.plot(crowd(sites))
    assert len([label for label in lines(ax) if not label.endswith("(far)")]) == drawn
    assert (f"median of {sites} sites in steps of" in words(ax)) == (drawn < sites)


def test_the_line_is_the_median_of_the_sites_and_the_far_one_is_named() -> None:
    ax = charts.plot(crowd(9, days=2))
    drawn = lines(ax)["BTC"].get_ydata()
    assert [y for y in drawn if y == y] == [1003.5, 1013.5]  # of 0..7; the far one is marked instead
    assert (
        "Far from the others (×): BTC news8.kr 2024-03-01: 100.8; BTC news8.kr 2024-03-02: 101.8."
        in small_print(ax)
    )
    assert {"half of the sites", "nine tenths of them", "far from the others"} <= set(words(ax).split("\n"))


def test_by_site_brings_the_lines_of_six_sites_back() -> None:
    ax = charts.plot(crowd(9), by="site", sites=["news8.kr"])
    assert len(lines(ax)) == 6 and "BTC news8.kr" in lines(ax)
    assert "3 more sites, with fewer snapshots, are not drawn." not in small_print(ax)  # they have as many
    assert "3 more sites are not drawn, as 6 are at most." in small_print(ax)


@pytest.mark.parametrize("kind", KINDS)
def test_hundreds_of_sites_draw(kind: str) -> None:
    figure = charts.plot(crowd(120, days=3), kind, size=(8, 5)).figure.figure
    assert gallery.fault(figure) is None


# ---- indexed


def test_indexed_coins_start_at_100() -> None:
    df = table(*line(hours(0, 24, 48), [10, 20, 30]), *line(hours(24, 48), [500, 250], symbol="ETH"))
    ax = charts.plot(df, "indexed")
    assert points(lines(ax)["BTC a.kr"]) == [(0, 50), (24, 100), (48, 150)]
    assert points(lines(ax)["ETH a.kr"]) == [(24, 100), (48, 50)]
    assert "index: price on 2024-03-02 09:00 = 100" in words(ax)


def test_the_base_is_an_option_in_the_readers_zone() -> None:
    df = table(*line(hours(0, 24, 48), [10, 20, 40]))
    ax = charts.plot(df, "indexed", base="2024-03-03T09:00", tz="Asia/Seoul")
    assert points(lines(ax)["BTC a.kr"]) == [(0, 25), (24, 50), (48, 100)]


def test_a_coin_without_a_base_is_left_out_and_said_to_be() -> None:
    df = table(*line(hours(0, 1, 2), [1, 2, 3]), *line(hours(400, 401), [1, 2], symbol="ETH"))
    ax = charts.plot(df, "indexed", base=START)
    assert list(lines(ax)) == ["BTC a.kr"] and "No observation near the base, left out: ETH." in words(ax)


def test_one_coin_in_two_currencies_is_two_indexed_lines() -> None:
    df = table(*line(hours(0, 1), [10, 20]), *line(hours(0, 1), [1, 4], currency="USD"))
    ax = charts.plot(df, "indexed")
    assert {"BTC/KRW", "BTC/USD"} <= {t.get_text() for t in ax.texts}
    assert sorted(line.get_ydata()[1] for line in ax.lines if line.get_label() == "BTC a.kr") == [200, 400]


# ---- change


def test_the_printed_change_and_the_computed_one_beside_it() -> None:
    quotes = [quote("BTC", 100, 5), quote("BTC", 110, 9), quote("BTC", 99, -1)]
    df = table(*(block(when, [q]) for when, q in zip(hours(0, 24.5, 60), quotes, strict=True)))
    ax = charts.plot(df, "change")
    assert sticks(ax, "BTC") == [(0, 5), (24.5, 9), (60, -1)]
    assert sticks(ax, "BTC (computed)") == [(24.5, 10)]
    assert {"computed from prices a day apart", "change in a day, %"} <= set(words(ax).split("\n"))


def test_what_was_computed_stands_beside_the_printed_stick() -> None:
    df = table(*(block(t, [quote("BTC", 10, 1)]) for t in hours(0, 24, 48)))
    ax = charts.plot(df, "change", size=(6, 4))
    ax.figure.draw_without_rendering()
    boxes = {}
    for collection in ax.collections:
        x = collection.get_transform().transform([s[1] for s in collection.get_segments()])[:, 0]
        half = collection.get_linewidths()[0] / 72 * ax.figure.dpi / 2
        boxes[collection.get_label()] = [(a - half, a + half) for a in x]
    printed, computed = boxes["BTC"], boxes["BTC (computed)"]
    assert len(printed) == 3 and len(computed) == 2
    assert all(end <= start + 0.5 for (_, end), (start, _) in zip(printed[1:], computed, strict=True))


@pytest.mark.parametrize(
    ("basis", "gap", "near", "computed"),
    [
        ("capture", 24, "2h", True),
        ("capture", 27, "2h", False),
        ("capture", 27, "3h", True),
        ("published", 24, "2h", False),
    ],
)
def test_what_counts_as_a_day_apart(basis: str, gap: float, near: str, computed: bool) -> None:
    df = table(*(block(t, [quote("BTC", 10, 1)], basis) for t in hours(0, gap)))
    assert bool(sticks(charts.plot(df, "change", near=near), "BTC (computed)")) == computed


def test_changes_over_other_windows_stay_out() -> None:
    windows = {1: "24h", 2: "7d", 3: None}
    blocks = [block(hours(c - 1)[0], [quote("BTC", 10, c, change_window=w)]) for c, w in windows.items()]
    df = table(*blocks)
    ax = charts.plot(df, "change")
    assert [y for _, y in sticks(ax, "BTC")] == [1, 3]
    assert "1 with a change over another window" in words(ax)
    assert sticks(charts.plot(df, "change", window="7d"), "BTC") == [(1, 2)]


def test_sticks_have_the_colours_of_rise_and_fall() -> None:
    df = table(*(block(t, [quote("BTC", 10, c)]) for t, c in zip(hours(0, 50), [2, -2], strict=True)))
    for lang, hues in {"en": ("green", "red"), "ko": ("red", "blue")}.items():
        ax = charts.plot(df, "change", lang=lang)
        (drawn,) = [c for c in ax.collections if c.get_label() == "BTC"]
        theme = _style.THEMES["light"]
        assert [to_hex(c) for c in drawn.get_colors()] == [getattr(theme, hue) for hue in hues]


# ---- heatmap


def cells(ax: Axes) -> np.ndarray:
    """Which cells are coloured."""
    return np.asarray(ax.images[0].get_array())[..., 3] > 0


def test_a_heatmap_cell_is_the_last_change_of_its_day() -> None:
    blocks = [block(t, [quote("BTC", 10, c)]) for t, c in zip(hours(1, 3, 200), [5, -4, 0], strict=True)]
    ax = charts.plot(table(*blocks), "heatmap", tz="UTC")
    said = words(ax).split("\n")
    assert "−4" in said and "+5" not in said and "0" in said
    assert "7 days without quotes" in said
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1 Mar\n2024", "9 Mar"]


def test_missing_cells_are_blank() -> None:
    shown = [["BTC", "ETH"], ["BTC"], ["BTC", "ETH"]]
    days = [START + timedelta(days=d) for d in range(3)]
    df = table(
        *(block(day, [quote(c, 10, 1) for c in coins]) for day, coins in zip(days, shown, strict=True))
    )
    ax = charts.plot(df, "heatmap")
    assert cells(ax).tolist() == [[True, True, True], [True, False, True]]
    assert not [c for c in ax.collections if c.get_hatch()]
    assert "Blank: nothing to show." in small_print(ax)


def test_the_scale_diverges_around_zero() -> None:
    ax = charts.plot(market(), "heatmap")
    bar = ax.figure.figure.axes[1]
    low, high = bar.get_ylim()
    assert low == pytest.approx(-high) and "change in a day, %" in words(ax)
    theme = _style.theme("light")
    colours = ax.figure.figure.axes[1]._colorbar.mappable.to_rgba([low, 0, high])
    wanted = [to_rgba(c) for c in (theme.fall, theme.middle, theme.rise)]
    np.testing.assert_allclose(colours, wanted, atol=0.02)


def test_published_cells_are_framed() -> None:
    df = table(block(START, [quote("BTC", 10, 1)], "published"), block(hours(30)[0], [quote("BTC", 10, 1)]))
    ax = charts.plot(df, "heatmap")
    (frame,) = [c for c in ax.collections if not c.get_hatch() and c.get_paths()]
    np.testing.assert_allclose(frame.get_paths()[0].get_extents().get_points(), [[-0.5, -0.5], [0.5, 0.5]])


@pytest.mark.parametrize(
    ("hours_apart", "step"), [(1, "hour"), (24, "day"), (24 * 20, "day"), (24 * 400, "day")]
)
def test_the_step_suits_the_span(hours_apart: float, step: str) -> None:
    df = table(*(block(t, [quote("BTC", 10, 1)]) for t in hours(*(n * hours_apart for n in range(20)))))
    assert f"the last of each {step}" in words(charts.plot(df, "heatmap"))


def test_a_step_above_a_day_compares_the_prices_at_both_its_ends() -> None:
    days = pd.date_range("2024-01-01", "2024-04-15", tz="Asia/Seoul")
    prices = [round(100 * 1.1 ** (when.month - 1 + (when.day - 1) / when.days_in_month), 6) for when in days]
    df = table(*line([when.to_pydatetime() for when in days], prices, change_pct=Decimal(50)))
    ax = charts.plot(df, "heatmap", step="month")
    numbers = [t.get_text() for t in ax.texts]
    assert numbers == ["+10", "+10", "+10"] and cells(ax).tolist() == [
        [True, True, True, False]
    ]  # April is not over
    said = words(ax)
    assert "over each month, from the prices at both its ends" in said and "change over the month, %" in said
    with pytest.raises(TrackerError, match="no coin has prices at both ends of a year"):
        charts.plot(df, "heatmap", step="year")


def test_published_prices_are_no_ends_of_a_step() -> None:
    days = pd.date_range("2024-01-01", "2024-04-15", tz="Asia/Seoul")
    df = table(*line([when.to_pydatetime() for when in days], range(1, 1 + len(days)), basis="published"))
    with pytest.raises(TrackerError, match="no coin has prices at both ends"):
        charts.plot(df, "heatmap", step="month")


def year(coins: str = "BTC", sites: int = 1, days: int = 400) -> pd.DataFrame:
    """A snapshot a day and site."""
    wave = np.sin(np.arange(days) / 9)
    prices, changes = np.round(100 + 9 * wave, 3), np.round(3 * wave, 2)
    return table(
        *(
            block(START + timedelta(days=d, hours=s), [quote(c, prices[d], changes[d]) for c in coins.split()],
                  site=f"s{s}.kr")
            for d in range(days) for s in range(sites)
        )
    )  # fmt: skip


def test_a_year_of_days_of_one_coin_is_a_calendar() -> None:
    df = year(days=365)
    ax = charts.plot(df, "heatmap", size=(8, 5))
    assert cells(ax).shape == (7, 53) and cells(ax).sum() == 365
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    colour = ax.images[0].get_array()[4, 0]  # 1 March 2024 is a Friday
    first = float(df["change_pct"].iloc[0])
    assert first == 0
    np.testing.assert_allclose(colour, to_rgba(_style.theme("light").middle), atol=0.02)


def test_several_years_of_one_coin_are_a_block_each() -> None:
    ax = charts.plot(year(days=800), "heatmap")
    assert cells(ax).shape[0] == 3 * 8 - 1 and cells(ax).sum() == 800
    assert [t.get_text() for t in ax.get_yticklabels()] == ["2024", "2025", "2026"]


def test_a_year_of_several_coins_coarsens_with_a_word() -> None:
    ax = charts.plot(year("BTC ETH"), "heatmap", size=(8, 5))
    assert "over each week" in words(ax) and "Steps of a week: days would be too narrow" in small_print(ax)


# ---- movers


def test_movers_are_ordered_with_prices_beside_the_bars() -> None:
    rows = [quote("A", 8692000, -1.5), quote("B", 63.7, 4), quote(None, 41.3, 0.5), quote("D", 7, None)]
    ax = charts.plot(table(block(START, rows)), "movers")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["A", "row 3 (name lost)", "B"]  # upwards
    assert [bar.get_width() for bar in ax.patches] == [-1.5, 0.5, 4]
    said = words(ax)
    assert {"8,692,000", "63.7", "41.3", "price, KRW", "−1.5 %", "+4 %", "change, % (24h)"} <= set(
        said.split("\n")
    )
    assert "Quotes left out: 1 without a change." in said
    assert "4 coins on a.kr, at 2024-03-01 09:00" in said and "Times in Asia/Seoul." in small_print(
        charts.plot(market())
    )


def test_movers_takes_the_newest_or_the_nearest_snapshot() -> None:
    df = table(*(block(START + timedelta(days=d), [quote("BTC", 10, d)]) for d in range(5)))
    assert [bar.get_width() for bar in charts.plot(df, "movers").patches] == [4]
    assert [bar.get_width() for bar in charts.plot(df, "movers", at="2024-03-03T08:00").patches] == [2]
    chosen = df["snapshot_id"].iloc[1]
    assert [bar.get_width() for bar in charts.plot(df, "movers", snapshot=chosen).patches] == [1]


def test_bars_of_a_published_page_are_hollow() -> None:
    ax = charts.plot(table(block(START, [quote("BTC", 10, 1)], "published")), "movers")
    assert ax.patches[0].get_facecolor()[3] == 0 and "price shown then or later" in words(ax)


def test_of_many_coins_the_largest_moves_are_drawn() -> None:
    ax = charts.plot(table(block(START, [quote(f"C{n}", 10, n - 50) for n in range(100)])), "movers")
    assert [bar.get_width() for bar in ax.patches] == [*range(-50, -35), *range(35, 50)]
    assert "70 with smaller changes" in words(ax)


# ---- coverage


def test_coverage_counts_snapshots_by_site_time_and_basis() -> None:
    df = table(
        *line(hours(0, 1, 2), [1, 2, 3]), *line(hours(0.5), [1], basis="published"), *line(hours(500), [1], site=None),
        *line([None], [1], site="b.kr"), block(hours(501)[0], [quote("BTC", 1), quote(None, 2)], site="b.kr"),
    )  # fmt: skip
    ax = charts.plot(df, "coverage", tz="UTC")
    heights = {bars.get_label(): [bar.get_height() for bar in bars] for bars in ax.containers}
    assert {basis: len(bars) for basis, bars in heights.items()} == {"capture": 3, "published": 1}
    assert heights["capture"][0] == pytest.approx(3 * heights["published"][0])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a.kr", "b.kr", "made (no address)"]
    said = words(ax).replace("\n", " ")
    assert "7 snapshots of 3 sites" in said and "4 snapshots, up to 1 coin" in said
    assert "2 snapshots, up to 2 coins, 1 undated" in said
    assert [bar.get_hatch() for bars in ax.containers for bar in bars][-1] == "////"


def test_coverage_has_one_scale_and_natural_order() -> None:
    blocks = [
        b
        for n, count in ((10, 1), (2, 4), (1, 2))
        for b in line(hours(*range(count)), [1] * count, site=f"news{n}.kr")
    ]
    ax = charts.plot(table(*blocks), "coverage", tz="UTC")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["news1.kr", "news2.kr", "news10.kr"]
    (bars,) = ax.containers
    assert len({round(bar.get_height(), 9) for bar in bars}) == 1


def test_coverage_of_many_sites_draws_the_largest_and_the_rest_as_one() -> None:
    blocks = [b for n in range(60) for b in line(hours(*range(2 + n)), [1] * (2 + n), site=f"news{n}.kr")]
    for size in ((12, 7), (4, 3)):
        ax = charts.plot(table(*blocks), "coverage", size=size)
        *named, rest = [t.get_text() for t in ax.get_yticklabels()]
        assert rest == f"{60 - len(named)} more sites"
        assert named == [f"news{n}.kr" for n in range(60 - len(named), 60)]


def test_coverage_of_undated_pages_alone() -> None:
    ax = charts.plot(table(*line([None], [1])), "coverage")
    assert "1 undated" in words(ax) and not ax.containers


@pytest.mark.parametrize("kind", ["history", "coverage", "movers"])
def test_a_list_dated_by_its_prices_is_drawn_as_wide_as_they_fit(kind: str) -> None:
    quotes = market()
    when = quotes["observed_at"]
    spans = {"priced_from": when - pd.Timedelta(days=2), "priced_until": when + pd.Timedelta(days=2)}
    drawn = charts.plot(quotes.assign(time_basis="priced", **spans), kind)
    assert "priced" in words(drawn) or "by its prices" in words(drawn)
    if kind == "history":
        bars = [bar for ax in drawn.figure.axes for bar in ax.collections if "(day)" in str(bar.get_label())]
        assert all(end[0] - start[0] == pytest.approx(4) for bar in bars for start, end in bar.get_segments())
        assert len(bars) == 3
