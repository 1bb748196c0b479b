"""The small print at the foot of a sheet."""

from __future__ import annotations

import numpy as np

from ..market.implied import IMPLIED
from ._look import Look
from ._names import listed, ranked, stamp
from ._observed import Observed
from ._working import BASES, number, weights


def small_print(seen: Observed, look: Look, most: int = 6) -> tuple[str, ...]:
    """Where the drawn rows come from, and what is not drawn: sentences for the foot of the sheet, in which at most
    so many sites are named. A bare chart has none."""
    if look.bare:
        return ()
    rows, words, tz = seen.counted, seen.words, look.zone
    bases = rows.assign(n=weights(rows)).groupby("basis").n.sum()
    rows = rows[rows.basis != IMPLIED]
    last = rows.when if seen.tally is None else rows["last"]
    ends = [stamp(t, tz)[:10] for t in (rows.when.min(), last.max()) if np.isfinite(t)]
    snapshots = rows.snapshot_id.nunique() if seen.source is None else seen.source.snapshots(seen.asking())
    count = {"quotes": words("quotes", n=number(rows)), "snapshots": words("snapshots", n=snapshots)}
    span = words("span", first=ends[0], last=ends[1]) if ends and ends[0] != ends[1] else "".join(ends[:1])
    known = [f"{words(f'base {basis}')} {bases[basis]:,}" for basis in (*BASES, IMPLIED) if basis in bases]
    return (
        words(
            "source", sites=listed(ranked(rows.place, weights(rows)), words, most),
            layouts=listed(ranked(rows.block, weights(rows)), words),
        ),
        words("size", span=span, **count) if span else words("size undated", **count),
        words("bases", bases=", ".join(known)), *seen.left(), words("zone", zone=words.zone(str(tz))),
    )  # fmt: skip
