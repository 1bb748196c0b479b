"""Page -> Blocks -> Quotes, and the verdict. Pure.

First the layouts; where none claims anything, the generic finder. Before both, a search on the raw bytes says of
nearly every page of a crawl that there is nothing to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial

from ..clock import ladder as clock
from ..clock.ladder import TimeMarks
from ..coins import registry as coins
from ..coins.registry import Coins
from ..layouts import layout
from ..layouts.claim import claims
from ..layouts.layout import Layout
from ..model import GENERIC, Block, Evidence, Page, Quote, Refusal, Verdict, content_id
from . import both, box, embedded, gate, generic, listing, markup, others, placed, shared
from .gate import watch as watch
from .generic import Found
from .near import near
from .near import worth as worth

_LIST = 3  # rows that make a list


def find(page: Page) -> tuple[Block, ...]:
    """The blocks of a page in page order, by the installed layouts and coins."""
    return examine(page).blocks


def examine(page: Page, layouts: Sequence[Layout] | None = None, known: Coins | None = None) -> Verdict:
    """The blocks of a page and a line that explains them.

    layouts  tried before the generic finder; None: the installed ones; empty: the generic finder alone
    known    the coins; None: the installed list
    """
    known = known or coins.load()
    tried = layout.load() if layouts is None else layouts
    opened = gate.opens(page.text) or gate.opens(page.html or "")
    held = opened and near((page.html or page.text).encode("utf-8", "replace"), known)
    blocks = tuple(_claimed(page, tried, known, opened))
    if held and _few(blocks):
        blocks += tuple(_beside(blocks, _generic(page, known)))
    blocks = tuple(sorted(blocks, key=lambda block: block.start))
    return Verdict(page, blocks, _note(page, blocks, tried))


def _few(blocks: Sequence[Block]) -> bool:
    """Whether layouts gave so little that the page may hold more: a quote in its head and a table below, say."""
    return sum(len(block.quotes) for block in blocks) < _LIST


def _beside(claimed: Sequence[Block], found: Iterable[Block]) -> Iterator[Block]:
    """Of the generic finder's blocks all where no layout gave a row, else the lists elsewhere on the page."""
    given = [block for block in claimed if block.quotes]
    for block in found:
        apart = all(block.end <= other.start or other.end <= block.start for other in given)
        if not given or (apart and len(block.quotes) >= _LIST):
            yield block


def _claimed(page: Page, layouts: Iterable[Layout], known: Coins, opened: bool) -> Iterator[Block]:
    site = page.site
    for one in layouts:
        own = one.needle and not one.installed  # the gate lets a page with its needle through
        if not one.applies(page.text, site) or not (own or opened):
            continue
        for claim in claims(page.text, one, known):
            span = claim.start, claim.end
            quotes = _with_signs(page, span, claim.quotes, _said_by(one))
            yield _block(page, one.id, span, claim.first, quotes, claim.refused, one.marks)


def _generic(page: Page, known: Coins) -> Iterator[Block]:
    data = markup.data(page.html or "", page.text, known)
    all_of_it = both.joined([*_readings(page, known)], data, is_data=embedded.is_alone(page.text))
    for found in shared.told(all_of_it, page.text):
        span = found.start, found.end
        quotes = _with_signs(page, span, found.quotes, placed.spoken)
        yield _block(page, GENERIC, span, found.first, quotes, found.refused, TimeMarks(), found.evidence)


def _with_signs(
    page: Page, span: tuple[int, int], quotes: Sequence[Quote], says: placed.Says
) -> Iterable[Quote]:
    """The quotes with the signs that the page's markup says of them."""
    share = span[0] / max(1, len(page.text))
    return placed.with_signs(page.html, share, quotes, says) if page.html else quotes


def _said_by(one: Layout) -> placed.Says:
    """What a layout takes for a rise or a fall in the markup: what it names, else what the words say."""
    return (lambda element: one.direction(element.attributes)) if one.directed else placed.spoken


def _readings(page: Page, known: Coins) -> Iterator[Found]:
    """What markup and lines tell. Where no coin is named nothing else is asked; where only one is, and no index, no tree is
    made."""
    named = listing.symbols(page.text, known)
    several = len(named) >= 2 or any(others.speak_near(page.text, place) for place in named.values())
    if page.html and (several or markup.pictures(page.html, known) or markup.texts(page.html, known)):
        yield from markup.blocks(page.html, page.text, known)
    yield from markup.values(page.text, known)
    if named:
        yield from markup.listed(page.text, known)
        yield from generic.blocks(page.text, known)


def _block(
    page: Page, name: str, span: tuple[int, int], first: int, quotes: Iterable[Quote], refused: Iterable[Refusal],
    marks: TimeMarks, evidence: Evidence = (),
) -> Block:  # fmt: skip
    """A block with its time."""
    taken, lost = tuple(quotes), tuple(refused)
    own = partial(box.holds, page.html, page.text) if page.html and name == GENERIC else None
    reading = clock.settle(page, *span, marks, at=first, own=own)
    flags = {*page.flags, *reading.flags, *(["partial"] if lost and taken else [])}
    return Block(
        layout=name, start=span[0], end=span[1], quotes=taken, refused=lost, observed_at=reading.at,
        time_basis=reading.basis, captured_at=reading.captured_at, published_at=reading.published_at, url=page.url,
        source=page.source, content_id=_content_id(page.text), flags=tuple(sorted(flags)),
        evidence=evidence,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _content_id(text: str) -> str:
    """Once for all blocks of a page."""
    return content_id(text)


def _note(page: Page, blocks: Sequence[Block], layouts: Sequence[Layout]) -> str:
    """The verdict in one line."""
    if not blocks:
        seen = [one.id for one in layouts if one.applies(page.text, page.site)]
        also = f"; words of {', '.join(seen)} are there, its rows are not" if seen else ""
        return f"no block: no run of rows led by known coins{also}"
    return "; ".join(_summary(block) for block in blocks)


def _summary(block: Block) -> str:
    refused = f", {len(block.refused)} refused" if block.refused else ""
    return f"{block.layout}: {len(block.quotes)} of {len(block.quotes) + len(block.refused)} rows{refused}"
