"""The library as users write it, for mypy (`make lint`): what comes back is known, and what is no option is seen.

A line with `type: ignore` must be wrong: mypy says so where it is not.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_type

import pandas as pd
from matplotlib.figure import Figure

import tracker
from tracker import Block, Page, PageBlocks, Quote, SourceError, Store


def read() -> None:
    """Sources to tables and back."""
    try:
        df = assert_type(tracker.read("pages/", tz="Asia/Seoul"), pd.DataFrame)
    except SourceError as error:
        assert_type(error.remedy, str)
        return
    assert_type(tracker.wide(df), pd.DataFrame)
    for page in tracker.pages("crawl.warc.gz"):
        assert_type(page, Page)
        for block in tracker.find(page):
            assert_type(block, Block)
            assert_type(block.quotes, tuple[Quote, ...])
            assert_type(block.quotes[0].price, Decimal)
    lost: list[SourceError] = []
    for each in tracker.blocks(["crawl.warc.gz", "pages/"], on_skip=lost.append, at="2019-12-03"):
        assert_type(each, PageBlocks)
        assert_type(each.blocks, tuple[Block, ...])
        tracker.arrow(each.blocks)
    tracker.blocks("pages/").pages.bit_length()
    tracker.blocks("pages/", skip=print)  # type: ignore[call-arg]
    with Store("data/tracker.duckdb") as store:
        assert_type(store.quotes("BTC", tz="Asia/Seoul"), pd.DataFrame)
    tracker.read("pages/", zone="Asia/Seoul")  # type: ignore[call-arg]
    tracker.nothing  # type: ignore[attr-defined]  # noqa: B018


def draw(df: pd.DataFrame) -> None:
    """Charts and the options of their kinds."""
    assert_type(tracker.plot(df, log=True), Figure)
    assert_type(tracker.plot(df, kind="heatmap", step="week", theme="dark"), Figure)
    tracker.plot(df, kind="movers", log=True)  # type: ignore[call-overload]
    tracker.plot(df, kind="heatmap", step="fortnight")  # type: ignore[call-overload]
    tracker.plot(df, kind="pie")  # type: ignore[call-overload]
    tracker.plot(df, themes="dark")  # type: ignore[call-overload]
