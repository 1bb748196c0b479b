"""Crypto price blocks out of collected web pages, into a tidy table of timestamped snapshots.

    import tracker
    df = tracker.read("pages/")                    # any source -> DataFrame, one row a quote
    for page in tracker.pages("crawl.warc.gz"):    # a lazy stream of Page
        blocks = tracker.find(page)                # pure: Page -> Blocks
    with tracker.Store("data/tracker.duckdb") as store:
        store.add(blocks)
    ax = tracker.plot(df, kind="history")

Nothing is loaded before it is asked for: importing this package costs a few milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from datetime import datetime

    import pandas as pd

    from .charts import plot as plot
    from .finder import find as find
    from .pages import pages as pages
    from .store import Store as Store

__version__ = "0.1.0"
__all__ = ["Store", "__version__", "find", "pages", "plot", "read"]

_HOMES = {"Store": ".store", "find": ".finder", "pages": ".pages", "plot": ".charts"}


def read(
    source: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], at: datetime | str | None = None
) -> pd.DataFrame:
    """Every quote of the sources as a DataFrame with the columns of model.COLUMNS; nothing is stored.

    source  a file, folder, glob, archive or corpus, or several of them
    at      the time to give to every page: a datetime, or a text as `tracker ingest --at` takes it
    Raises SourceError for a source that cannot be read, TimeError for an `at` that is no time.
    """
    from .finder import find
    from .frame import frame
    from .pages import pages

    return frame(block for page in pages(source, at=at) for block in find(page))


class _Package(ModuleType):
    """This package: `pages` names a function here and a room inside.

    Importing the room would put it in the function's place; here it does not.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    """The public names, each from its home when first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Package
