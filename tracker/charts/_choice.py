"""Which coins have room: those most observed first, or as they were named."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ._look import Look
from ._names import listed, ranked
from ._observed import Observed
from ._working import Series, ordered, weights


def ranking(seen: Observed, look: Look) -> list[Series]:
    """The (coin, currency) series that can be drawn, those first that are drawn where there is no room for all.

    Named coins: all, in the order given. Otherwise most observed first (then by their place in the blocks), and none
    that was observed once if others were more often: a point is no history."""
    order = ordered(seen.counted)
    order = order.sort_values(["count", "place"], ascending=[False, True], kind="stable")
    every: list[Series] = [(str(coin), str(money)) for coin, money in order.index]
    if look.coins is not None:
        named = list(look.coins)
        return sorted(every, key=lambda series: named.index(series[0]))
    least = 2 if (order["count"] > 1).any() else 1
    return [series for series, count in zip(every, order["count"], strict=True) if count >= least]


def choose(seen: Observed, chosen: Sequence[Series], ranking: Sequence[Series], limit: int) -> Observed:
    """A copy with these series only, the first of the ranking; it says which are left out, and why: because no more
    than `limit` are drawn at all, because there is no room, or because they were observed once."""
    found = seen.copy().only(
        lambda rows: pd.MultiIndex.from_frame(rows[["coin", "money"]]).isin(list(chosen))
    )
    others = [coin for coin, _ in ranking[len(chosen) :]]
    if others and len(chosen) < limit:
        found.note("no room", coins=listed(others, seen.words))
    elif others:
        found.note("over the limit", n=limit, coins=listed(others, seen.words))
    ranked_ = {coin for coin, _ in ranking}
    once = [str(coin) for coin in ranked(seen.counted.coin, weights(seen.counted)) if coin not in ranked_]
    if once:
        found.note("observed once", coins=listed(once, seen.words))
    return found
