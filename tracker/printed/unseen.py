"""Characters that nobody sees, taken out of a text: pages carry them by chance, or to keep readers like this one out.

They are what Unicode calls default ignorable (joiners, soft hyphens, directional marks, fillers, variation selectors,
tags), the control characters that are no white space, and the codes that colour a terminal.
"""

from __future__ import annotations

import re

_IGNORED = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = f"\0-\x08\x0e-\x1b\x7f{_IGNORED}"  # to stand in the brackets of a pattern
_TERMINAL = r"\x1b\[[0-9;:?]{0,40}[ -/]?[@-~]"
_COLOUR = re.compile(r"\x1b\[[0-9;:]{0,40}m")
_RUN = re.compile(f"(?:{_TERMINAL}|[{UNSEEN}])+")
_ANY = re.compile(f"[{UNSEEN}]")


def seen(text: str) -> str:
    """The text as a reader sees it. Where a word would then touch a figure, and where a terminal's cursor moves, a
    blank stands instead: `BTC` and `264` are two things that one such character kept apart."""
    return _RUN.sub(_instead, text) if _ANY.search(text) else text


def _instead(run: re.Match[str]) -> str:
    before, behind = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    moved = "\x1b[" in run[0] and _ANY.sub("", _COLOUR.sub("", run[0])) != ""
    return " " if moved or (before.isalpha() and behind.isdigit()) else ""


def shifted(text: str) -> str:
    """The same at the same length: in each word that holds such characters, as many blanks stand at its end."""
    return _WORD.sub(_closed, text) if _ANY.search(text) else text


_WORD = re.compile(r"\S+")


def _closed(word: re.Match[str]) -> str:
    clean = seen(word[0])
    return clean.ljust(len(word[0]))
