"""Every kind of chart, read back from its artists."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from chart_quotes import START, block, hours, line, quote, table
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from tracker import charts
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


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "movers"])
def test_dates_are_in_the_readers_zone(kind: str) -> None:
    for zone in ("Asia/Seoul", "America/New_York"):
        assert zone in words(charts.plot(market(), kind, tz=zone))


@pytest.mark.parametrize("kind", KINDS)
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
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("KRW", "Asia/Seoul")


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
    said = words(charts.plot(df))
    assert "Quotes left out: 1 nameless, 3 undated." in said
    assert "Coins not drawn, observed less often: ETH." in said


def test_the_most_observed_coins_come_first() -> None:
    coins = [f"C{n:02}" for n in range(15)]
    blocks = [
        b for n, coin in enumerate(coins) for b in line(hours(*range(2 + n)), [10**n] * (2 + n), symbol=coin)
    ]
    figure = charts.plot(table(*blocks))
    assert [ax.get_title("left") for ax in figure.axes] == coins[:2:-1]
    assert "Coins not drawn, observed less often: C02, C01 and C00." in words(figure)


def test_named_coins_are_drawn_in_their_order() -> None:
    figure = charts.plot(market(), coins=["XRP", "NONE", "BTC"], panels="each")
    assert [ax.get_title("left") for ax in figure.axes] == ["XRP", "BTC"]
    assert "No observation of NONE." in words(figure)


def test_currencies_never_share_an_axis() -> None:
    blocks = [b for c in ("KRW", "USD", None) for b in line(hours(0, 1), [1, 2], currency=c)]
    for panels in ("auto", "each", "one"):
        figure = charts.plot(table(*blocks), panels=panels)
        assert sorted(ax.get_ylabel() for ax in figure.axes) == ["KRW", "USD", "currency not stated"]
        assert [len(lines(ax)) for ax in figure.axes] == [1, 1, 1]
    with pytest.raises(TrackerError, match="cannot hold 3 panels"):
        charts.plot(table(*blocks), ax=Figure().subplots())
    assert charts.plot(table(*blocks), currency="USD").get_ylabel() == "USD"


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
    times = [n / 10 for n in range(200)] + [2000.0]
    ax = charts.plot(table(*line(hours(*times), range(1, 202))))
    drawn = lines(ax)["BTC a.kr"]
    assert drawn.get_markevery() == [201]  # 200 points, a gap, and it


def test_many_points_are_thinned_and_keep_their_extremes() -> None:
    n = 30_000
    one = market(days=1, coins="BTC")
    df = one.loc[one.index.repeat(n)].reset_index(drop=True)
    df["observed_at"] = one["observed_at"].iloc[0] + pd.to_timedelta(np.arange(n), unit="min")
    df["price"] = 1000 + np.sin(np.arange(n))
    df.loc[12_345, "price"] = 5000.0
    drawn = lines(charts.plot(df))["BTC a.kr"]
    assert len(drawn.get_ydata()) <= 4 * 1201 and np.nanmax(drawn.get_ydata()) == 5000


# ---- indexed


def test_indexed_coins_start_at_100() -> None:
    df = table(*line(hours(0, 24, 48), [10, 20, 30]), *line(hours(24, 48), [500, 250], symbol="ETH"))
    ax = charts.plot(df, "indexed")
    assert points(lines(ax)["BTC a.kr"]) == [(0, 50), (24, 100), (48, 150)]
    assert points(lines(ax)["ETH a.kr"]) == [(24, 100), (48, 50)]
    assert ax.get_ylabel() == "index, 2024-03-02 09:00 = 100"


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
    assert [y for _, y in points(lines(ax)["BTC a.kr"]) if y == y] == [5, 9, -1]
    assert points(lines(ax)["BTC a.kr (computed)"]) == [(24.5, 10)]
    assert "computed from prices a day apart" in words(ax) and "%" in ax.get_ylabel()


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
    assert ("BTC a.kr (computed)" in lines(charts.plot(df, "change", near=near))) == computed


def test_changes_over_other_windows_stay_out() -> None:
    windows = {1: "24h", 2: "7d", 3: None}
    blocks = [block(hours(c - 1)[0], [quote("BTC", 10, c, change_window=w)]) for c, w in windows.items()]
    df = table(*blocks)
    ax = charts.plot(df, "change")
    assert [y for _, y in points(lines(ax)["BTC a.kr"]) if y == y] == [1, 3]
    assert "1 with a change over another window" in words(ax)
    assert points(lines(charts.plot(df, "change", window="7d"))["BTC a.kr"]) == [(1, 2)]


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


def test_missing_cells_are_visibly_missing() -> None:
    shown = [["BTC", "ETH"], ["BTC"], ["BTC", "ETH"]]
    days = [START + timedelta(days=d) for d in range(3)]
    df = table(
        *(block(day, [quote(c, 10, 1) for c in coins]) for day, coins in zip(days, shown, strict=True))
    )
    ax = charts.plot(df, "heatmap")
    assert cells(ax).tolist() == [[True, True, True], [True, False, True]]
    (hole,) = next(c for c in ax.collections if c.get_hatch()).get_paths()
    np.testing.assert_allclose(hole.get_extents().get_points(), [[0.5, 0.5], [1.5, 1.5]])
    assert "no quote of this coin" in words(ax)


def test_the_scale_diverges_around_zero() -> None:
    ax = charts.plot(market(), "heatmap")
    bar = ax.figure.figure.axes[1]
    low, high = bar.get_ylim()
    assert low == pytest.approx(-high) and "change, % (24h)" in words(ax)


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
    assert "the last of each month" in words(charts.plot(df, "heatmap", step="month"))


# ---- movers


def test_movers_are_ordered_with_prices_beside_the_bars() -> None:
    rows = [quote("A", 8692000, -1.5), quote("B", 63.7, 4), quote(None, 41.3, 0.5), quote("D", 7, None)]
    ax = charts.plot(table(block(START, rows)), "movers")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["A", "row 3 (name lost)", "B"]  # upwards
    assert [bar.get_width() for bar in ax.patches] == [-1.5, 0.5, 4]
    said = words(ax)
    assert {"8,692,000", "63.7", "41.3", "price, KRW", "−1.5 %", "+4 %"} <= set(said.split("\n"))
    assert "Quotes left out: 1 without a change." in said
    assert "4 coins on a.kr, at 2024-03-01 09:00 (Asia/Seoul)" in said


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
    said = words(ax)
    assert "7 snapshots of 3 sites" in said and "4 snapshots of up to 1 coin" in said
    assert "2 snapshots of up to 2 coins" in said and "1 undated" in said
    assert [bar.get_hatch() for bars in ax.containers for bar in bars][-1] == "////"


def test_coverage_of_undated_pages_alone() -> None:
    ax = charts.plot(table(*line([None], [1])), "coverage")
    assert "1 undated" in words(ax) and not ax.containers
