"""What the shell offers at the Tab key, out of the store: coins, sites, currencies, sources; and known layouts, zones.

A store that is not there or busy offers nothing, at once and without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import typer

MOST = 200  # no shell shows more to any purpose


def coins(ctx: typer.Context, incomplete: str) -> list[str]:
    """Symbols, and the names of pages where one is begun; after a comma the next one."""
    before, comma, last = incomplete.rpartition(",")
    known = known_of(ctx, "symbol", last) + (known_of(ctx, "name", last[:1]) if not last.isascii() else [])
    return [f"{before}{comma}{coin}" for coin in begun(last, (name.replace(" ", "") for name in known))]


def sites(ctx: typer.Context, incomplete: str) -> list[str]:
    """Hosts."""
    return begun(incomplete, known_of(ctx, "site", incomplete))


def findings(ctx: typer.Context, incomplete: str) -> list[str]:
    """Kinds of findings."""
    from ..market.kinds import KINDS

    return begun(incomplete, KINDS)


def currencies(ctx: typer.Context, incomplete: str) -> list[str]:
    """Codes."""
    return begun(incomplete, known_of(ctx, "currency", incomplete))


def sources(ctx: typer.Context, incomplete: str) -> list[str]:
    """Files, and the records in them."""
    return begun(incomplete, known_of(ctx, "source", incomplete))


def layouts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Layouts that the store knows, those that are installed or one's own, and files of layouts."""
    from ..layouts import load
    from .options import folders

    with suppress(Exception):
        installed = [layout.id for layout in load(folders(ctx.params.get("layouts")))]
        files = [str(path) for path in Path().glob(f"{incomplete or ''}*.toml")]
        return begun(
            incomplete, sorted({*installed, *known_of(ctx, "layout", incomplete)} - {"generic"}) + files
        )
    return []


def zones(incomplete: str) -> list[str]:
    """Names of zones."""
    from zoneinfo import available_timezones

    return begun(incomplete, sorted(available_timezones()))


def begun(incomplete: str, known: Iterable[str]) -> list[str]:
    """Those that begin so, in any case; in small letters where small ones are typed, as shells compare them."""

    def those() -> Iterator[str]:
        for text in known:
            if text.casefold().startswith(incomplete.casefold()):
                yield text if text.startswith(incomplete) else incomplete + text[len(incomplete) :].lower()

    return list(dict.fromkeys(those()))[:MOST]


def known_of(
    ctx: typer.Context, column: Literal["symbol", "name", "currency", "site", "layout", "source"], start: str
) -> list[str]:
    """What the store that the line names has in a column that begins so."""
    from ..store import Store
    from .settings import setting

    with suppress(Exception):
        places: list[Any] = [at.params.get("store") for at in (ctx, ctx.parent) if at]
        path = next(filter(None, places), None) or setting("store").value
        if "://" not in path:  # nobody waits for a bucket at the Tab key
            return Store(path, wait=0, read_only=True).known(column, start)
    return []
