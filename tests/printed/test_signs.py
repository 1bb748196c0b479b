"""A sign is seen, proven or the stated habit of its column; else the change is null."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.printed.figures import arithmetic
from tracker.printed.signs import Change, contradiction, impossible, settle

QUICK = settings(max_examples=300, deadline=None, derandomize=True)

sizes = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
prices = st.decimals(min_value="0.0001", max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
percents = st.decimals(min_value=0, max_value=99, places=2, allow_nan=False, allow_infinity=False)
unsigned = st.sampled_from([0, None])
seen = st.sampled_from([1, -1, 0, None])


def changes(
    size: st.SearchStrategy[Decimal], sign: st.SearchStrategy[int | None]
) -> st.SearchStrategy[Change | None]:
    return st.none() | st.builds(Change, size, sign, st.booleans(), st.booleans())


def signed(value: Decimal | None) -> int:
    """Its sign; 0 for zero and for null."""
    return 0 if value is None else (value > 0) - (value < 0)


@QUICK
@given(
    price=prices,
    percent=st.builds(Change, percents, unsigned),
    amount=st.none() | st.builds(Change, sizes, unsigned),
)
def test_nothing_seen_and_nothing_proven_is_null(
    price: Decimal, percent: Change, amount: Change | None
) -> None:
    """Without a habit a sign can only be the one that the arithmetic proves, and only where no doubtful mark stands."""
    proven = arithmetic(price, amount.size, percent.size).sign if amount else 0
    moved = settle(price, percent, amount)
    for change, value in ((percent, moved[0]), (amount, moved[1])):
        if change and change.size:
            assert signed(value) in (0, proven)
            assert value is not None or "sign-lost" in moved[2]
            assert value is None or change.seen == 0


@QUICK
@given(price=prices, before=prices, rising=st.booleans())
def test_true_figures_are_never_given_the_wrong_sign(price: Decimal, before: Decimal, rising: bool) -> None:
    """An unsigned change and percent, made from a price and the one before: the right sign or none."""
    size = abs(price - before)
    percent = (100 * size / before).quantize(Decimal("0.01"))
    pct, amount, _ = settle(price, Change(percent, 0), Change(size, 0))
    assert signed(pct) in (0, signed(price - before)) and signed(amount) in (0, signed(price - before))


@QUICK
@given(price=prices, percent=changes(percents, seen), amount=changes(sizes, seen))
def test_what_is_seen_is_kept_and_magnitudes_are_never_touched(
    price: Decimal, percent: Change | None, amount: Change | None
) -> None:
    pct, moved, flags = settle(price, percent, amount)
    assert flags <= {"sign-inferred", "sign-lost"}
    for change, value in ((percent, pct), (amount, moved)):
        assert value is None or (change is not None and abs(value) == change.size)
        if change and change.seen and change.size:
            assert signed(value) == change.seen
        if change and change.seen is None and change.size:
            assert value is None  # a mark that cannot be trusted is not replaced by a guess
        if value and change and not change.seen:
            assert "sign-inferred" in flags


HABITS = [
    # percent, amount -> percent, amount, flags; the price is 100
    (Change(Decimal(2), 0, rises=True), None, "2", None, {"sign-inferred"}),
    (Change(Decimal(2), None, rises=True), None, None, None, {"sign-lost"}),
    (Change(Decimal(2), -1, rises=True), None, "-2", None, set()),
    (Change(Decimal(0), 0), None, "0", None, set()),
    (Change(Decimal(0), 0, lost=True), None, None, None, {"sign-lost"}),  # a rounded zero
    (Change(Decimal(0), None), None, "0", None, set()),
    (Change(Decimal("25.00"), 0), Change(Decimal(20), 0), "25.00", "20", {"sign-inferred"}),  # 20 / 80
    (Change(Decimal("16.67"), 0), Change(Decimal(20), 0), "-16.67", "-20", {"sign-inferred"}),  # 20 / 120
    (Change(Decimal("25.00"), 1), Change(Decimal(20), 0), "25.00", "20", {"sign-inferred"}),
    (Change(Decimal("25.00"), None), Change(Decimal(20), None), None, None, {"sign-lost"}),
    (None, None, None, None, set()),
]  # fmt: skip


@pytest.mark.parametrize(("percent", "amount", "pct", "moved", "flags"), HABITS)
def test_habits_and_proofs(
    percent: Change | None, amount: Change | None, pct: str | None, moved: str | None, flags: set[str]
) -> None:
    expected = tuple(None if text is None else Decimal(text) for text in (pct, moved))
    assert settle(Decimal(100), percent, amount) == (*expected, flags)


CONTRADICTIONS = [
    # price, percent, amount -> a word of the reason, or none
    ("100", ("25", 1), ("20", 1), None),
    ("100", ("16.67", -1), ("20", -1), None),
    ("100", ("25", 1), ("20", -1), "opposite"),
    ("100", ("25", -1), ("20", -1), "contradict"),
    ("100", ("3", 1), ("20", 1), "contradict"),
    ("100", ("3", 0), ("20", 0), "contradict"),
    ("100", ("0", 0), ("20", 0), "contradict"),
    ("100", None, ("100", 0), "not smaller"),
    ("100", None, ("250", -1), "not smaller"),
    ("100", None, ("250", 1), "not smaller"),
    ("100", ("1.52", 0), None, None),
    ("65367.35", ("1.25", -1), ("823.10", -1), None),  # a price that streams while its change lags
]  # fmt: skip


IMPOSSIBLE = [
    ("0", "1", None, "above zero"),
    ("-5", "1", None, "above zero"),
    ("5", "-100.01", None, "hundred percent"),
    ("5", "-100", None, None),
    ("5", "12345.6789", None, None),
    ("5", "0.00001", None, "more digits"),
    ("5", "1.00000", None, None),  # trailing zeros are no digits
    ("5", "100000000", None, "more digits"),
    ("0.000000000001", None, None, None),
    ("0.0000000000001", None, None, "more digits"),
    ("999999999999999999", None, None, None),
    ("1000000000000000000", None, None, "more digits"),
    ("5", None, "0.0000000000001", "more digits"),
    ("5", None, "-1000000000000000000", "more digits"),
    ("5", None, None, None),
]


@pytest.mark.parametrize(("price", "percent", "amount", "reason"), CONTRADICTIONS)
def test_figures_that_contradict_each_other(
    price: str, percent: tuple[str, int] | None, amount: tuple[str, int] | None, reason: str | None
) -> None:
    pct, moved = (one and Change(Decimal(one[0]), one[1]) for one in (percent, amount))
    said = contradiction(Decimal(price), pct, moved)
    assert said is None if reason is None else reason in str(said)


@QUICK
@given(
    before=st.decimals(min_value="0.01", max_value=10**9, places=2, allow_nan=False),
    percent=st.decimals(min_value="-49", max_value="900", places=2, allow_nan=False),
    marks=st.tuples(st.booleans(), st.booleans()),
)
def test_true_figures_never_contradict_each_other(
    before: Decimal, percent: Decimal, marks: tuple[bool, bool]
) -> None:
    price = (before * (100 + percent) / 100).quantize(Decimal("0.0001"))
    exact = (100 * (price - before) / before).quantize(Decimal("0.01"))
    pct, amount = (
        Change(abs(value), signed(value) if mark else 0)
        for value, mark in zip((exact, price - before), marks, strict=True)
    )
    assert contradiction(price, pct, amount) is None


@pytest.mark.parametrize(("price", "percent", "amount", "reason"), IMPOSSIBLE)
def test_rows_that_the_table_cannot_hold(
    price: str, percent: str | None, amount: str | None, reason: str | None
) -> None:
    pct, moved = (Decimal(text) if text else None for text in (percent, amount))
    said = impossible(Decimal(price), pct, moved)
    assert said is None if reason is None else reason in str(said)
