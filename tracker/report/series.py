"""The charts of the report: pictures that stand in the page, and the data from which its script draws them anew.

Many sites, or more observations than a page should carry, are their median by steps of time, as in all charts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import charts
from ..store.parts import Part, parts
from . import sections
from .sections import limited, line, plain, when

if TYPE_CHECKING:
    from datetime import tzinfo

    from pandas import DataFrame

    from ..language import Language
    from ..store.reporting import Course, Key, Quoted, Reported
    from .counts import Counts

MOST_SITES = 6  # of a coin, with a line each
CARDS = 60  # coins with a card at most
KEYED = 24  # sites in the key of the cards
COMPARED = 5  # coins in the comparison as the page is opened
CARD, WIDE = (4.2, 1.9), (9.0, 3.6)  # inches; the first is about as wide as a phone's screen
POINTS = 32_000  # observations that the page carries; of more the median of each step
SHAPED = 640  # points wide: what the steps of such a median are chosen for
DAY, MINUTE = 86_400_000_000, 60_000_000  # microseconds
Look = dict[str, Any]  # options of every chart
Series = tuple[str, str]  # coin and currency


def shown(counts: Counts) -> list[Series]:
    """The coins, each in a currency, that have a card: those observed at least twice, most observed first."""
    order = counts.series
    return [(str(coin), str(money)) for coin, money in order.index[order["count"] > 1][:CARDS]]


def cards(
    table: Reported, counts: Counts, courses: Mapping[Series, Course], rows: Mapping[Key, Quoted], look: Look,
    words: Language,
) -> dict[str, Any]:  # fmt: skip
    """A card a coin shown: newest quote, lowest and highest, the change over all time, picture, its table (part); `median`
    where the lines are medians of sites; `off` where a price is off the market; `once`: coins without a card."""
    from markupsafe import Markup

    order, series = counts.series, shown(counts)
    once = sorted({str(coin) for coin, _ in order.index[order["count"] == 1]})
    mine = order[order["count"] > 1][:CARDS]
    median = bool(len(series)) and bool(mine.sites.max() > MOST_SITES or mine["count"].sum() > POINTS)
    found = []
    for number, (one, part) in enumerate(zip(series, parts(table, series), strict=True)):
        last = line(rows[courses[one].key], counts, look["tz"])
        label = words("report history of", coin=last["coin"])
        options = look | {"by": "median"} if median and mine.sites[one] > 1 else look
        svg = charts.card(part, "history", f"card{number}", label, CARD, **options)
        found.append(
            last
            | _extremes(courses[one], look["tz"])
            | {"count": len(part), "picture": Markup(svg), "part": part}
        )
    off = any(part["part"].tally().off.any() for part in found)
    return limited(found, int((order["count"] > 1).sum())) | {"once": once, "median": median, "off": off}


def _extremes(course: Course, tz: tzinfo) -> dict[str, str]:
    """Lowest and highest price with their days, and the change from the first to the last."""
    change = (course.last / course.first - 1) * 100
    return {
        "low": plain(course.low), "low_when": when(course.low_at, tz)[:10], "high": plain(course.high),
        "high_when": when(course.high_at, tz)[:10], "over": sections.signed(round(change, 1)),
    }  # fmt: skip


def keyed(sites: Sequence[str], shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(site, CSS variable of its colour, its mark) for the key of the cards, where they show sites."""
    return (
        [] if shown["median"] else [(site, *charts.mark(place)) for place, site in enumerate(sites[:KEYED])]
    )


def compared(table: Reported, counts: Counts, look: Look, words: Language) -> Any:
    """The most observed coins on one scale; empty where there are not two."""
    from markupsafe import Markup

    observed = counts.drawable.groupby("coin").n.sum().sort_values(ascending=False, kind="stable")
    coins = [str(coin) for coin in observed.index[observed > 1][:COMPARED]]
    if len(coins) < 2:
        return ""
    label = words("report comparison of", coins=words.joined(coins))
    return Markup(charts.card(table, "indexed", "compared", label, WIDE, coins=coins, **look))


def movers(
    table: Reported,
    counts: Counts,
    last: Quoted | None,
    moved: tuple[Key, int] | None,
    look: Look,
    words: Language,
) -> dict[str, Any] | None:
    """The newest snapshot that prints changes, with its page; None if there is none."""
    from markupsafe import Markup

    if last is None or moved is None:
        return None
    key, count = moved
    height, label = 1.1 + 0.19 * min(30, count), words("report movers label")
    svg = charts.card(table, "movers", "movers", label, (5.6, height), snapshot=key.snapshot_id, **look)
    return line(last, counts, look["tz"]) | {"picture": Markup(svg)}


def covered(table: Reported, counts: Counts, look: Look, words: Language) -> Any:
    """Sites by time as a picture."""
    from markupsafe import Markup

    if not len(table):
        return ""
    height, label = 1.0 + 0.4 * min(16, len(counts.sites)), words("report coverage label")
    return Markup(charts.card(table, "coverage", "coverage", label, (10.5, height), **look))


def data(
    table: Reported, counts: Counts, tz: tzinfo, words: Language, shown: dict[str, Any]
) -> dict[str, Any]:
    """What the script draws from: the snapshots (minutes since 1970, site, basis, address) and for each card the snapshots
    it has and their prices; or, of a median, minutes and prices alone."""
    sites = counts.sites
    texts = {
        key.removeprefix("script "): text for key, text in words.texts.items() if key.startswith("script ")
    }
    head = {
        "zone": str(tz), "lang": words.code, "texts": texts, "units": [[unit, word] for unit, word in words.units],
        "mixed": words.mixed, "marks": [charts.mark(place)[0] for place in range(min(len(sites), KEYED))],
    }  # fmt: skip
    if shown["median"] or not shown["rows"]:
        nothing: dict[str, Any] = {"sites": [], "at": [], "site": [], "basis": [], "url": []}
        return head | nothing | {"series": [_median(card, tz) for card in shown["rows"]]}
    return head | {"sites": sites} | _observations(table, counts, shown["rows"])


def _observations(table: Reported, counts: Counts, shown: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The snapshots of these cards, and of each card coin, currency, the longest join (minutes), and its points."""
    points = table.points([(card["coin"], card["currency"]) for card in shown])
    snapshots = points.drop_duplicates("snapshot_id")
    places = snapshots.site.where(snapshots.site.notna(), snapshots.layout.map(counts.homes))
    site, number = ({one: n for n, one in enumerate(each)} for each in (counts.sites, snapshots.snapshot_id))
    groups = points.groupby([points.coin, points.currency.fillna("")])
    return {
        "at": [int(t) // MINUTE for t in snapshots.t],
        "site": [site[place] for place in places],
        "basis": list(snapshots.time_basis),
        "url": [sections.link(url if isinstance(url, str) else None) or "" for url in snapshots.url],
        "series": [_card(card, groups.get_group((card["coin"], card["currency"])), number) for card in shown],
    }


def _card(card: dict[str, Any], mine: DataFrame, number: dict[str, int]) -> dict[str, Any]:
    """One card's data: coin, currency, the longest join (minutes), and its points; off: places of those off the market."""
    found = {
        "coin": card["coin"], "unit": card["currency"], "n": [number[id_] for id_ in mine.snapshot_id],
        "p": [_short(price) for price in mine.price], "join": round(1440 * charts.joined(mine.t.to_numpy() / DAY)),
    }  # fmt: skip
    return found | ({"off": [int(place) for place in np.flatnonzero(mine.off)]} if mine.off.any() else {})


def _median(card: dict[str, Any], tz: tzinfo) -> dict[str, Any]:
    """One card's data: coin, currency, the longest join (minutes), and its medians."""
    part: Part = card["part"]
    times, prices, join = charts.medians(part, tz, SHAPED)
    return {
        "coin": card["coin"], "unit": card["currency"], "join": round(1440 * join),
        "t": [round(1440 * t) for t in times], "p": [_short(p) for p in prices],
    }  # fmt: skip


def _short(price: float) -> float | int:
    """Seven digits are more than a chart can show."""
    value = float(np.format_float_positional(price, 9, unique=False, fractional=False))
    return int(value) if value.is_integer() else value
