"""Which rows of a run stand among coins: a name that is also a word or a share's is one in company only. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .context import Sheet, stretches
from .refusals import heads_of_columns, turned_round
from .rows import Row
from .strangers import between, is_known

# Coins large enough to be meant wherever other coins are listed, though their tickers are shares' or words too.
LARGE = frozenset(
    "LTC BCH EOS SOL DOT TRX UNI LINK ETC AVAX XLM ATOM NEAR ALGO DASH BSV SUI APT ARB OP ICP TON".split()
)


def among_coins(page: Sheet, run: list[Row]) -> list[Row]:
    """The run without names that are also words or shares (`LINK`, `META`, `대시`) unless they stand among coins."""
    kept: list[Row] = []
    for stretch, before, behind in _whole(page, stretches(page, run)):
        heads_of_columns(page, stretch)
        if reason := turned_round(page, [row for row in stretch if not row.prose]):
            for row in stretch:
                row.refuse(reason)
        _mark_sentences(stretch)
        # Rows of money, metals and indices end a list of coins; those of shares may share its names.
        before, behind = ("" if is_known(words) else words for words in (before, behind))
        kept += _beyond_doubt([row for row in stretch if row.items], before, behind)
    return kept


def _whole(page: Sheet, parted: Iterable[tuple[list[Row], str, str]]) -> list[tuple[list[Row], str, str]]:
    """Stretches that only rows of unknown names part are one, where coins beyond doubt stand on both sides of those."""
    whole: list[tuple[list[Row], str, str]] = []
    for stretch, before, behind in parted:
        last = whole[-1] if whole else None
        if (
            last
            and all(_sure(*side) for side in ((last[0], -1), (stretch, 0)))
            and between(page, last[0][-1], stretch[0])
        ):
            whole[-1] = [*last[0], *stretch], last[1], behind
        else:
            whole.append((stretch, before, behind))
    return whole


def _sure(stretch: list[Row], edge: int) -> bool:
    """Whether a coin beyond doubt is among some rows, and the one at their edge is one or a large one."""
    nearest = stretch[edge].name
    return any(not row.name.weak for row in stretch) and (not nearest.weak or nearest.symbol in LARGE)


def _mark_sentences(rows: list[Row]) -> None:
    """Rows of a cell in which one is part of a sentence are all."""
    sentences = {row.cells[0]: row for row in rows if row.prose and row.cells[0] == row.cells[1]}
    for row in rows:
        if not row.prose and (said := sentences.get(row.cells[0])):
            row.prose, row.listed = said.prose, said.listed


def _beyond_doubt(stretch: list[Row], before: str, behind: str) -> list[Row]:
    """Weak names count in an unbroken stretch of coins: two others beyond doubt, and a third of all, or half where the
    weak ones are no large coins; never beside a share's ticker, nor between the last sure name and another row."""
    bitcoin = any(row.name.symbol == "BTC" and not row.name.weak for row in stretch)
    strong = [
        i for i, row in enumerate(stretch) if not row.name.weak or (bitcoin and row.name.symbol == "ETH")
    ]
    large = [row for row in stretch if not row.name.weak or row.name.symbol in LARGE]
    if not strong and _tickers(stretch) and not before and not behind:
        return stretch
    shares = any(re.fullmatch("[A-Z]{1,5}", words) for words in (before, behind))
    if len(strong) < 2 or shares or 3 * len(strong) < len(stretch) or 2 * len(large) < len(stretch):
        return [stretch[i] for i in strong]
    first = strong[0] if before else 0
    last = strong[-1] if behind else len(stretch) - 1
    return [row for row in stretch[first : last + 1] if not row.name.weak or len(row.name.printed) > 1]


def _tickers(stretch: list[Row]) -> bool:
    """A list of tickers in small letters, bitcoin's among them: `btc$62.7k-0.9%eth$1.8k-0.7%`."""
    return len(stretch) >= 4 and any(row.name.printed == "btc" for row in stretch)
