"""Values as programs write them."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.coins import load
from tracker.finder import embedded
from tracker.finder.literals import written

READ: dict[str, Any] = {
    "{'a': {'b': -1.50}}": {"a": {"b": Decimal("-1.50")}},
    "[{ id: 'btc', price: +.5, }, ]": [{"id": "btc", "price": Decimal("0.5")}],
    "[('BTC', 007, None), (true, False)]": [["BTC", 7, None], [True, False]],
    "[{'a': 1}, ..., {'a': 2}, …]": [{"a": 1}, {"a": 2}],
    "{a: undefined, b: Icon.Up /* drawn */, 'it\\'s': 1 // last\n}": {"a": None, "b": None, "it's": 1},
}
CUT_OFF: dict[str, Any] = {
    "[{'a': 1}, {'a': 2}, {'a': 3": [{"a": 1}, {"a": 2}],
    "{'rows': [{'a': 1}, {'b'": {"rows": [{"a": 1}]},
    "[{'a': 1},\n ...\n```\nwords": [{"a": 1}],
}
NONE = ("[{a: f(1)}]", "{a: `x`}", "[1, 2", "{a: 1]", "{a: () => 1}", "function() {}", "[1 2]")


@pytest.mark.parametrize("text", READ)
def test_a_literal_is_what_json_would_give(text: str) -> None:
    value, end = written(text + " rest", 0)
    assert (value, end) == (READ[text], len(text))


@pytest.mark.parametrize("text", CUT_OFF)
def test_of_what_breaks_off_all_that_is_whole_is_read(text: str) -> None:
    assert written(text, 0)[0] == CUT_OFF[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_literal_is_none(text: str) -> None:
    assert written(text, 0)[0] is None


@given(
    st.recursive(
        st.integers() | st.text("ab'\"é", max_size=5), lambda v: st.lists(v, max_size=3), max_leaves=9
    )
)
def test_what_python_prints_is_read_back(value: Any) -> None:
    assert written(repr([value]), 0)[0] == json.loads(json.dumps([value]))


@pytest.mark.parametrize("text", ["[{a:" * 60_000, "{'a':{" * 40_000, "[ {" * 60_000])
def test_what_never_ends_is_read_but_once(text: str) -> None:
    begun = time.process_time()
    assert not list(embedded.whole(f"BTC {text}", load()))
    assert time.process_time() - begun < 5
