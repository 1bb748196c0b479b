"""Characters that nobody sees: gone from a text, or moved behind the word that holds them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.printed.unseen import seen, shifted

QUICK = settings(max_examples=150, deadline=None, derandomize=True)

# text -> as seen, and at the same length
TEXTS = [
    ("Bit\xadcoin 5", "Bitcoin 5", "Bitcoin  5"),
    ("97,\u200b350,\u2068000원\n-1.25\ufe0f%", "97,350,000원\n-1.25%", "97,350,000원  \n-1.25% "),
    ("BTC\u200b264", "BTC 264", "BTC 264"),
    ("BTC\u200b\ufeff264", "BTC 264", "BTC 264 "),
    ("\x1b[31m-1.5%\x1b[0m|x", "-1.5%|x", "-1.5%|x" + " " * 9),
    ("\U000e0041a\U000e0100", "a", "a  "),
    ("비트코인 8,692,000", "비트코인 8,692,000", "비트코인 8,692,000"),
]
pieces = st.sampled_from(
    [*"a5가,.% \n|\t", "\xad", "\u200b", "\u202e", "\u3164", "\ufeff", "\ufe0f", "\0", "\x1b[31m", "\x1b[2C"]
)


@pytest.mark.parametrize(("text", "clean", "even"), TEXTS)
def test_texts(text: str, clean: str, even: str) -> None:
    assert seen(text) == clean
    assert shifted(text) == even


@QUICK
@given(st.one_of(st.text(), st.lists(pieces, max_size=30).map("".join)))
def test_nothing_unseen_is_left_and_no_length_changes(text: str) -> None:
    clean, even = seen(text), shifted(text)
    assert seen(clean) == clean and len(even) == len(text)
    assert not [c for c in clean + even if unicodedata.category(c) == "Cf" and seen(c) == ""]
    assert clean.split() == even.split()
