"""Crypto price blocks out of collected web pages, into a tidy table of timestamped snapshots.

    import tracker
    df = tracker.read("pages/")                    # any source -> DataFrame, one row a quote
    for page in tracker.pages("crawl.warc.gz"):    # a lazy stream of Page
        blocks = tracker.find(page)                # pure: Page -> Blocks
    for page in tracker.blocks("crawl.warc.gz"):   # the same where there are any, and twenty times as fast
        table = tracker.arrow(page.blocks)         # an Arrow table with our columns
    with tracker.Store("data/tracker.duckdb") as store:
        store.add(blocks)
    figure = tracker.plot(df, kind="history")     # a matplotlib Figure; a notebook shows it

Nothing is loaded before it is asked for: importing this package costs a few milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from datetime import datetime

    import pandas as pd

    from . import spark as spark
    from .blocks import PageBlocks as PageBlocks
    from .blocks import blocks as blocks
    from .charts._plot import plot as plot
    from .errors import AtlasError as AtlasError
    from .errors import CoinsError as CoinsError
    from .errors import LayoutError as LayoutError
    from .errors import NotAStore as NotAStore
    from .errors import OutputError as OutputError
    from .errors import Skipped as Skipped
    from .errors import SourceError as SourceError
    from .errors import StoreBusy as StoreBusy
    from .errors import StoreError as StoreError
    from .errors import StoreTooNew as StoreTooNew
    from .errors import TimeError as TimeError
    from .errors import TrackerError as TrackerError
    from .finder import find as find
    from .frame import arrow as arrow
    from .frame import wide as wide
    from .model import Block as Block
    from .model import Page as Page
    from .model import Quote as Quote
    from .model import Refusal as Refusal
    from .pages import pages as pages
    from .store import Store as Store

__version__ = "0.1.0"

_ERRORS = (
    "AtlasError", "CoinsError", "LayoutError", "NotAStore", "OutputError", "Skipped", "SourceError", "StoreBusy",
    "StoreError", "StoreTooNew", "TimeError", "TrackerError",
)  # fmt: skip
_HOMES = {
    "Store": ".store", "find": ".finder", "pages": ".pages", "blocks": ".blocks", "PageBlocks": ".blocks",
    "plot": ".charts._plot", "arrow": ".frame", "wide": ".frame",
    **dict.fromkeys(("Block", "Page", "Quote", "Refusal"), ".model"), **dict.fromkeys(_ERRORS, ".errors"),
}  # fmt: skip
__all__ = [  # noqa: RUF022 - what one uses, then what it is made of, then what may go wrong
    "__version__", "read", "pages", "find", "blocks", "arrow", "Store", "plot", "wide",
    "Page", "PageBlocks", "Block", "Quote", "Refusal",
    "TrackerError", "SourceError", "Skipped", "LayoutError", "CoinsError", "AtlasError", "TimeError", "OutputError",
    "StoreError", "NotAStore", "StoreTooNew", "StoreBusy",
]  # fmt: skip


def read(
    source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    at: datetime | str | None = None,
    *,
    exact: bool = False,
    tz: str | None = None,
) -> pd.DataFrame:
    """Every quote of the sources as a DataFrame with the columns of model.COLUMNS; nothing is stored.

    source  a file, folder, glob, archive or corpus, or several of them
    at      the time to give to every page: a datetime, or a text as `tracker ingest --at` takes it
    exact   prices and changes as Decimals, as they were printed; else as floats
    tz      the zone of times in the table; UTC if not given
    What is left out is a TrackerWarning (`blocks` tells it to a function instead). Raises SourceError for a source of which
    nothing can be read, TimeError for an `at` that is no time or a zone that is none.
    """
    from .blocks import Orders, Reading
    from .clock.stamps import vouched
    from .frame import frame
    from .pages import ZONE, warn

    pages = Reading(source, Orders(vouched(at, ZONE)), warn, strict=True)
    return frame((block for page in pages for block in page.blocks), exact=exact, tz=tz)


class _Package(ModuleType):
    """This package: `pages` names a function here and a room inside.

    Importing the room would put it in the function's place; here it does not.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


if not TYPE_CHECKING:  # an editor and mypy see the imports above, and no others

    def __getattr__(name: str) -> object:
        """The public names, each from its home when first asked for."""
        if name == "spark":
            return import_module(".spark", __name__)
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOMES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Package
