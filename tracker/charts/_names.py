"""What coins, sites and times are called, and in which order they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import layouts
from . import _text

if TYPE_CHECKING:
    from ..language import Language

EPOCH = pd.Timestamp(0, tz="UTC")


def homeless(ids: Any, words: Language) -> Any:
    """What pages without an address are called, by the ids of their layouts: the layout's title, up to its colon."""
    there = set(ids.unique())
    titles = {layout.id: layout.title.partition(":")[0] for layout in layouts.load() if layout.id in there}
    called = {id_: words("no address", title=titles.get(id_, id_)) for id_ in there}
    return ids.astype(object).map(called)


def ranked(values: Any, counts: Any = None) -> list[str]:
    """The distinct values, most frequent first (each standing for so many, where `counts` says so), ties in natural
    order."""
    counts = values.value_counts() if counts is None else counts.groupby(values).sum()
    return sorted(counts.index, key=lambda value: (-counts[value], natural(str(value))))


def natural(name: str) -> list[tuple[int, str]]:
    """A key to sort by: `news2` before `news10`."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,18})", name)]


def listed(names: Iterable[object], words: Language, most: int = 6) -> str:
    """`BTC, ETH and XRP`; where there are more than `most`, `BTC, … and 9 more`."""
    return words.joined([_text.plain(name, 44) for name in dict.fromkeys(names)], most)


def stamp(when: float, tz: tzinfo) -> str:
    """Days -> `2024-03-29 12:00` in the zone."""
    moment = EPOCH + pd.Timedelta(days=float(when))
    return f"{moment.tz_convert(tz):%Y-%m-%d %H:%M}"


def bare(coin: str, name: str) -> str:
    """A printed name without its coin's symbol: `Bitcoin` of `Bitcoin BTC` and of `Bitcoin (BTC/KRW)`, nothing of
    `XRP XRP`."""
    ticker = rf"(?<![^\W_]){re.escape(coin)}(?:\s*/\s*[A-Z]{{3,4}})?(?![^\W_])"
    left = re.sub(ticker, " ", str(name), flags=re.IGNORECASE)
    left = re.sub(r"[(\[]\s*[)\]]", " ", left).strip(" \t-–|/·,:;")
    return " ".join(left.split())
