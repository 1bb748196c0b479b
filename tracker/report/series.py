"""The charts of the report: pictures that stand in the page, and the data from which its script draws them anew.

Many sites, or more observations than a page should carry, are their median by steps of time, as in all charts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import charts
from . import sections
from .sections import limited, line, plain, when

if TYPE_CHECKING:
    from datetime import tzinfo

    from ..language import Language

EPOCH = pd.Timestamp(0, tz="UTC")
MOST_SITES = 6  # of a coin, with a line each
CARDS = 60  # coins with a card at most
KEYED = 24  # sites in the key of the cards
COMPARED = 5  # coins in the comparison as the page is opened
CARD, WIDE = (4.2, 1.9), (9.0, 3.6)  # inches; the first is about as wide as a phone's screen
POINTS = 32_000  # observations that the page carries; of more the median of each step
SHAPED = 640  # points wide: what the steps of such a median are chosen for
Look = dict[str, Any]  # options of every chart


def cards(quotes: pd.DataFrame, rows: pd.DataFrame, look: Look, words: Language) -> dict[str, Any]:
    """A card a coin and currency observed at least twice, most observed first: newest quote, lowest and highest, the
    change over all time, picture; `median` where the lines are medians of sites; `off` where a price is off the
    market; `once`: coins without a card."""
    from markupsafe import Markup

    drawable = rows[rows.coin.notna() & rows.observed_at.notna() & (rows.price > 0)].fillna({"currency": ""})
    groups = drawable.groupby(["coin", "currency"], sort=True)
    order = groups.agg(count=("rank", "size"), place=("rank", "median"), sites=("place", "nunique"))
    order = order.sort_values(["count", "place"], ascending=[False, True], kind="stable")
    once = sorted({str(coin) for coin, _ in order.index[order["count"] == 1]})
    order = order[order["count"] > 1]
    shown = order[:CARDS]
    median = bool(len(shown)) and bool(shown.sites.max() > MOST_SITES or shown["count"].sum() > POINTS)
    found = []
    for number, key in enumerate(shown.index):
        mine = groups.get_group(key)
        last = line(next(mine.tail(1).itertuples()), look["tz"])
        label = words("report history of", coin=last["coin"])
        by = "median" if median and mine.place.nunique() > 1 else None
        options = look | {"by": by} if by else look
        svg = charts.card(quotes.loc[mine.index], "history", f"card{number}", label, CARD, **options)
        found.append(
            last | _extremes(mine, look["tz"]) | {"count": len(mine), "picture": Markup(svg), "rows": mine}
        )
    off = bool(found) and any(card["rows"].off.any() for card in found)
    return limited(found, len(order)) | {"once": once, "median": median, "off": off}


def _extremes(rows: pd.DataFrame, tz: tzinfo) -> dict[str, str]:
    """Lowest and highest price with their days, and the change from the first to the last."""
    rows = sure(rows)
    low, high = (
        next(rows[rows.price == price].itertuples()) for price in (rows.price.min(), rows.price.max())
    )
    change = (rows.price.iloc[-1] / rows.price.iloc[0] - 1) * 100
    return {
        "low": plain(low.price), "low_when": when(low.observed_at, tz)[:10], "high": plain(high.price),
        "high_when": when(high.observed_at, tz)[:10], "over": sections.signed(round(change, 1)),
    }  # fmt: skip


def sure(rows: pd.DataFrame) -> pd.DataFrame:
    """Those not off the market; all where none is on it."""
    return rows[~rows.off] if (~rows.off).any() else rows


def keyed(sites: Sequence[str], shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(site, CSS variable of its colour, its mark) for the key of the cards, where they show sites."""
    return (
        [] if shown["median"] else [(site, *charts.mark(place)) for place, site in enumerate(sites[:KEYED])]
    )


def compared(quotes: pd.DataFrame, rows: pd.DataFrame, look: Look, words: Language) -> Any:
    """The most observed coins on one scale; empty where there are not two."""
    from markupsafe import Markup

    known = rows[rows.coin.notna() & rows.observed_at.notna() & (rows.price > 0)]
    counts = known.groupby("coin").size().sort_values(ascending=False, kind="stable")
    coins = [str(coin) for coin in counts.index[counts > 1][:COMPARED]]
    if len(coins) < 2:
        return ""
    label = words("report comparison of", coins=words.joined(coins))
    return Markup(charts.card(quotes, "indexed", "compared", label, WIDE, coins=coins, **look))


def movers(quotes: pd.DataFrame, rows: pd.DataFrame, look: Look, words: Language) -> dict[str, Any] | None:
    """The newest snapshot that prints changes, with its page; None if there is none."""
    from markupsafe import Markup

    changed = rows[rows.change_pct.notna() & rows.observed_at.notna()]
    if changed.empty:
        return None
    last = next(changed.tail(1).itertuples())
    height = 1.1 + 0.19 * min(30, int((changed.snapshot_id == last.snapshot_id).sum()))
    label = words("report movers label")
    svg = charts.card(quotes, "movers", "movers", label, (5.6, height), snapshot=last.snapshot_id, **look)
    return line(last, look["tz"]) | {"picture": Markup(svg)}


def covered(quotes: pd.DataFrame, rows: pd.DataFrame, look: Look, words: Language) -> Any:
    """Sites by time as a picture."""
    from markupsafe import Markup

    if rows.empty:
        return ""
    height = 1.0 + 0.4 * min(16, rows.place.nunique())
    return Markup(
        charts.card(quotes, "coverage", "coverage", words("report coverage label"), (10.5, height), **look)
    )


def data(rows: pd.DataFrame, tz: tzinfo, words: Language, shown: dict[str, Any]) -> dict[str, Any]:
    """What the script draws from: the snapshots (minutes since 1970, site, basis, address) and for each card the snapshots
    it has and their prices; or, of a median, minutes and prices alone."""
    sites = [str(site) for site in rows.place.value_counts().index]
    snapshots = rows.drop_duplicates("snapshot_id").dropna(subset=["observed_at"])
    number = {id_: n for n, id_ in enumerate(snapshots.snapshot_id)}
    carried = snapshots.iloc[:0] if shown["median"] else snapshots
    texts = {
        key.removeprefix("script "): text for key, text in words.texts.items() if key.startswith("script ")
    }
    return {
        "zone": str(tz), "lang": words.code, "texts": texts, "sites": sites[: None if len(carried) else 0],
        "units": [[unit, word] for unit, word in words.units], "mixed": words.mixed,
        "marks": [charts.mark(place)[0] for place in range(min(len(sites), KEYED))],
        "at": minutes(carried.observed_at),
        "site": [sites.index(place) for place in carried.place],
        "basis": list(carried.time_basis),
        "url": [sections.link(url) or "" for url in carried.url],
        "series": [_series(card, number, tz, shown["median"]) for card in shown["rows"]],
    }  # fmt: skip


def minutes(times: pd.Series) -> list[int]:
    """Times as whole minutes since 1970."""
    return [int(m) for m in (times - EPOCH) // pd.Timedelta(minutes=1)]


def _series(card: dict[str, Any], number: dict[str, int], tz: tzinfo, median: bool) -> dict[str, Any]:
    """One card's data: coin, currency, the longest join (minutes), and its points (off: places of those off the market)."""
    mine: pd.DataFrame = sure(card["rows"]) if median else card["rows"]
    days = ((mine.observed_at - EPOCH) / pd.Timedelta(days=1)).to_numpy()
    head = {"coin": card["coin"], "unit": card["currency"]}
    if not median:
        points = {
            "n": [number[id_] for id_ in mine.snapshot_id],
            "p": [_short(price) for price in mine.price],
        }
        if mine.off.any():
            points["off"] = [int(place) for place in np.flatnonzero(mine.off)]
        return head | points | {"join": round(1440 * charts.joined(days))}
    times, prices, join = charts.medians(days, mine.price.to_numpy(), list(mine.place), tz, SHAPED)
    return head | {
        "join": round(1440 * join),
        "t": [round(1440 * t) for t in times],
        "p": [_short(p) for p in prices],
    }


def _short(price: float) -> float | int:
    """Seven digits are more than a chart can show."""
    value = float(np.format_float_positional(price, 9, unique=False, fractional=False))
    return int(value) if value.is_integer() else value
