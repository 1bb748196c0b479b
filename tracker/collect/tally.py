"""What a collection came to, how far it is, and how much it may take."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import Refused, SourceError, TimeError

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ?(kB|MB|GB|TB|min|s|h|d)", re.IGNORECASE)
_BYTES = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


class Budget(NamedTuple):
    """How much a run may take: bytes written, seconds; None: as much as it needs."""

    size: float | None = None
    seconds: float | None = None


def budget(text: str) -> Budget:
    """`500MB` or `2h`, or both: `500MB|2h`. Raises TimeError for what is neither."""
    size = seconds = None
    for part in text.split("|"):
        found = _AMOUNT.fullmatch(part.strip())
        if not found or not float(found[1]):
            raise TimeError(text, "is no budget", "write bytes or a time, such as 500MB, 2h, or 500MB|2h")
        unit = found[2].lower()
        if unit in _BYTES:
            size = float(found[1]) * _BYTES[unit]
        else:
            seconds = float(found[1]) * _SECONDS[unit]
    return Budget(size, seconds)


class Progress(NamedTuple):
    """How far a collection is: captures listed and kept, bytes written, and what is under way."""

    listed: int
    kept: int
    size: int
    under_way: str


@dataclass(slots=True)
class Tally:
    """What a collection came to; counts, unless said otherwise.

    listed    captures that indexes listed
    wanted    of those: by their time, kind and interval
    kept      written now, with their payload
    revisits  written now without a request: the index says that the payload is known; and live pages that are unchanged
    drawn     live pages kept as their scripts made them, too
    known     kept by an earlier run
    noted     met now and not kept, by reason; noted beside the files
    before    met and noted by an earlier run
    passed    not wanted, by reason
    left      not had in five tries, by reason: the next run asks again
    failed    targets of which the list could not be had to its end, and what else went wrong: their errors
    asked     requests made
    size      bytes written
    waited    seconds waited for politeness' sake
    refused   a host that said stop
    ended     why the run ended early; empty if it did not
    stopped   the user stopped it
    """

    listed: int = 0
    wanted: int = 0
    kept: int = 0
    revisits: int = 0
    drawn: int = 0
    known: int = 0
    before: int = 0
    noted: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    failed: list[SourceError] = field(default_factory=list)
    asked: int = 0
    size: int = 0
    waited: float = 0.0
    refused: Refused | None = None
    ended: str = ""
    stopped: bool = False


def kind(reason: str) -> str:
    """A reason without what only one capture has: `redirect to another capture: /web/2019…` -> what stands before."""
    return reason.partition(": ")[0] if reason.startswith(("redirect", "another", "soft")) else reason
