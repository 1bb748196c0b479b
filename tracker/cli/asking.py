"""What was asked for: read against the store, and what of it gives nothing, in the words of who asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import typer

from ..market.kinds import KINDS
from . import options as o
from .app import FAILED, counted, say

Concluded = bool | Literal["times"]

if TYPE_CHECKING:
    from ..store import Asked, Filters, Store


def asked(
    store: Store, symbols: Sequence[str] | None, currency: str | None, site: str | None,
    since: str | None = None, until: str | None = None, tz: str | None = None, *,
    concluded: Callable[[], Concluded] = bool, without: Sequence[str] | None = None,
    guesses: bool = False, implied: bool = False,
) -> tuple[str, Asked]:  # fmt: skip
    """The conditions as they were typed, and what they come to; what matches nothing is said, a line each.

    concluded  what `reconcile` concluded that is wanted: asked for when all that was typed is known to be right
    Raises TimeError for a time that is none, BadParameter for a `--since` after its `--until` and for a finding that is
    none.
    """
    if strange := [kind for kind in without or () if kind not in KINDS]:
        raise typer.BadParameter(
            f"{strange[0]!r} is no finding; those are {', '.join(KINDS)}", param_hint="--without"
        )
    first, last = o.moment(since, str(tz)), o.last_moment(until, str(tz))
    if first and last and first > last:
        raise typer.BadParameter(f"--since {since} is after --until {until}")
    chosen: Filters = {
        "since": first,
        "until": last,
        "currency": currency,
        "site": site,
        "findings": concluded(),
    }
    if without:
        chosen["without"] = without
    if guesses:
        chosen["guesses"] = True
    if implied:
        chosen["implied"] = True
    found = store.asked(" ".join(symbols or ()), **chosen)
    typed = {"in": currency, "from": site, "since": since, "until": until, "without": " ".join(without or ())}
    narrowed = "".join(f" {word} {value}" for word, value in typed.items() if value)
    for unmatched in found.unmatched:
        if unmatched.elsewhere:
            say(f"no quotes of {unmatched.typed}{narrowed}; there are others of it")
        else:
            say(
                f"{unmatched}"
                if unmatched.nearest
                else f"{unmatched}; `tracker coverage` lists what there is"
            )
    return f"{f' of {chr(32).join(symbols)}' if symbols else ''}{narrowed}", found


def left_out(found: Asked) -> None:
    """Say how many quotes no time is known of."""
    if found.undated:
        are = f"{counted(found.undated, 'undated quote')} {'is' if found.undated == 1 else 'are'}"
        say(f"{are} left out: give --at when pages are read, or see `tracker coverage`")


def nothing(which: str, found: Asked) -> int:
    """Say that nothing is left, unless that was said; the exit status."""
    if not found.unmatched and not found.undated:
        say(f"no quotes{which or ' in the store'}; `tracker coverage` lists what there is")
    return FAILED
