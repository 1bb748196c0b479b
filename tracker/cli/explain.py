"""Verdicts shown: what was found on a page, on what evidence, and what was refused and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from ..finder.weights import TAKEN
from ..model import COLUMNS, DAYS, Block, Verdict
from .table import Form, form, printable, show, shown

VIEW = ("rank", "name", "symbol", "price", "currency", "change_pct", "change_abs", "change_window", "flags")
HEADER = (*(column.name for column in COLUMNS), "verdict")


def explain(
    verdicts: Iterable[Verdict],
    wanted: Form | None,
    zone: str | None,
    tell: Callable[[object], None],
    why: bool = False,
) -> None:
    """Show verdicts: in words and tables to people; as rows to programs, and the words by way of `tell`.

    why  also what spoke for and against each block
    """
    if form(wanted) == "table":
        for verdict in verdicts:
            _show(verdict, zone, why)
        return

    def told() -> Iterator[dict[str, Any]]:
        for verdict in verdicts:
            tell(f"{verdict.page.source}: {verdict.note}")
            for line in reasons(verdict) if why else ():
                tell(f"{verdict.page.source}: {line}")
            yield from rows(verdict)

    show(told(), wanted, zone, header=HEADER)


def rows(verdict: Verdict) -> Iterator[dict[str, Any]]:
    """One row a quote, a refused row, or a page without either: the columns of the tidy table, then `verdict`."""
    for block in verdict.blocks:
        for quote in quotes(block):
            yield {**quote, "verdict": "taken"}
        for refusal in block.refused:
            known = {"layout": block.layout, "row_text": refusal.row_text}
            yield _bare(verdict, **known, verdict=f"refused: {refusal.reason}")
    if not verdict.blocks:
        yield _bare(verdict, verdict=verdict.note)


def quotes(block: Block) -> list[dict[str, Any]]:
    """The rows of the tidy table as dicts."""
    return [dict(zip(HEADER, row, strict=False)) for row in block.rows()]


def _bare(found: Verdict, **known: str) -> dict[str, Any]:
    """A row that is no quote: what is known of its page."""
    page = found.page
    seen = {"captured_at": page.captured_at, "site": page.site, "url": page.url, "source": page.source}
    return {**dict.fromkeys(HEADER), **seen, **known}


def _show(verdict: Verdict, zone: str | None, why: bool) -> None:
    write = sys.stdout.write
    write(f"{printable(verdict.page.source)}: {printable(verdict.note)}\n")
    for block in verdict.blocks:
        write(f"  {block.layout}: {evidence(block, ZoneInfo(str(zone)))}\n")
        write(f"  {weighed(block)}\n\n" if why else "\n")
        show(quotes(block), "table", zone, view=VIEW)
        for lost in block.refused:
            write(f"  refused: {printable(lost.row_text)!r}: {lost.reason}\n")
        write("\n")
    for line in priced(verdict) if why else ():
        write(f"  {printable(line)}\n")


def reasons(verdict: Verdict) -> Iterator[str]:
    """What spoke for and against each block of a page, then what its prices say."""
    yield from (f"{block.layout}: {weighed(block)}" for block in verdict.blocks)
    yield from priced(verdict)


def priced(verdict: Verdict) -> Iterator[str]:
    """What the prices of a page say of its times and rows, held against what coins cost in each week."""
    from ..store.alone import findings_of
    from .options import atlas

    for found in findings_of(verdict.blocks, atlas(None)) if any(b.quotes for b in verdict.blocks) else ():
        row = f", row {found['rank']}: {found['value']}" if found["rank"] else ""
        yield f"{found['kind']}{row}: {found['evidence']}"


def weighed(block: Block) -> str:
    """What spoke for and against a block, each piece with its weight, and their sum."""
    if not block.evidence:
        return "no weights: a layout claimed it, or rules decided"
    pieces = ", ".join(f"{name} {weight:+g}" for name, weight in block.evidence)
    return f"weighs {sum(weight for _, weight in block.evidence):g} (taken from {TAKEN:g} on): {pieces}"


def evidence(block: Block, zone: ZoneInfo) -> str:
    """When the prices were on show, and what says so."""
    day = block.time_basis in DAYS
    told = f"observed {shown(block.observed_at, zone, day=day)} ({block.time_basis})"
    if block.captured_at:
        told += f", captured {shown(block.captured_at, zone)}"
    if block.published_at:
        told += f", article of {shown(block.published_at, zone)}"
    doubts = f"; {', '.join(block.flags)}" if block.flags else ""
    return f"{told}, {zone.key}{doubts}"
