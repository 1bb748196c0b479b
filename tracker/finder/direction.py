"""What the words of markup say of a direction: `icon-Caret-down`, `positive_change`, an arrow's alternative text. Pure.

Colours say nothing here: red is a rise in Seoul and a fall in New York.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RISE = frozenset(
    "up rise rises rising rose gain gains gainer gained plus positive pos increase increased increasing upward upwards"
    " uptrend bull bullish ascend higher 상승 오름 上昇 上涨 上漲 subida sube alza alta hausse"
    " rialzo gestiegen steigend naik artan artis artış yukselen yükselen yukselis yükseliş yukari yukarı wzrost рост".split()
)
_FALL = frozenset(
    "down dn fall falls falling fell loss loses loser lost minus negative neg decrease decreased decreasing drop dropped"
    " decline declined downward downwards downtrend bear bearish descend lower 하락 내림 下落 下跌 bajada baja baixa queda"
    " baisse ribasso gefallen fallend turun azalan azalis azalış dusen düşen dusus düşüş asagi aşağı spadek падение".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=4096)
def tokens(words: str) -> tuple[str, ...]:
    """The words in a class, a file's name, an alternative text, in small letters: `icon-CaretDown` -> icon caret down."""
    return tuple(word.lower() for word in _WORD.findall(words[:400]))


def direction(words: tuple[str, ...]) -> int:
    """+1, -1, or 0 if the words say neither or both."""
    rises, falls = not _RISE.isdisjoint(words), not _FALL.isdisjoint(words)
    return rises - falls
