"""Signs and contradictions: rules that hold for layouts and for the generic finder alike. Pure.

A sign is printed, or proven by arithmetic, or the stated habit of a column; else it is lost, and a change without
its sign is null.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..model import PERCENT_PLACES, PRICE_DIGITS, PRICE_PLACES
from .figures import arithmetic


@dataclass(frozen=True, slots=True)
class Change:
    """One printed change.

    size   its magnitude
    seen   the sign: +1, -1; 0 none printed; None not to be trusted
    rises  unsigned figures of its column are rises
    lost   its column lost all signs: then a rounded 0.0 is no zero either
    """

    size: Decimal
    seen: int | None
    rises: bool = False
    lost: bool = False


def settle(
    price: Decimal, percent: Change | None, amount: Change | None
) -> tuple[Decimal | None, Decimal | None, set[str]]:
    """The signed percent, the signed absolute change, and the flags `sign-inferred` and `sign-lost`."""
    proven, consistent = 0, {1: False, -1: False}
    if percent and amount and price > amount.size > 0:
        fit = arithmetic(price, amount.size, percent.size)
        proven, consistent = fit.sign, {1: fit.near_up, -1: fit.near_down}
    flags: set[str] = set()
    first = _sign(percent, amount, proven, consistent, flags)
    known = Change(percent.size, first) if percent else None
    second = _sign(amount, known, proven, consistent, flags)
    for change, sign in ((percent, first), (amount, second)):
        if change and (change.size or change.lost) and sign is None:
            flags.add("sign-lost")
    return _signed(percent, first), _signed(amount, second), flags


def _sign(
    change: Change | None, other: Change | None, proven: int, consistent: dict[int, bool], flags: set[str]
) -> int | None:
    if change is None or change.seen is None or not change.size:
        return None
    if change.seen:
        return change.seen
    theirs = other.seen if other and other.seen and consistent[other.seen] else 0
    for sign in (theirs, proven, int(change.rises)):
        if sign:
            flags.add("sign-inferred")
            return sign
    return None


def _signed(change: Change | None, sign: int | None) -> Decimal | None:
    if change is None or (sign is None and (change.size or change.lost)):
        return None
    return -change.size if sign == -1 else change.size


def impossible(price: Decimal, percent: Decimal | None, amount: Decimal | None) -> str | None:
    """Why these figures can be no row of the table; None if they can."""
    if price <= 0:
        return "the price is not above zero"
    if not _fits(price) or (amount is not None and not _fits(amount)):
        return "more digits than the table holds"
    if percent is not None and (abs(percent) >= 10**8 or -_exponent(percent) > PERCENT_PLACES):
        return "more digits than the table holds"
    if percent is not None and percent < -100:
        return "a fall of more than a hundred percent"
    return None


def contradiction(price: Decimal, percent: Change | None, amount: Change | None) -> str | None:
    """Why price and changes cannot belong together; None if they can or if there is too little to tell."""
    if amount and amount.size >= price:
        return "the change is not smaller than the price"
    if not percent or not amount or not (percent.size or amount.size):
        return None
    if percent.seen and amount.seen and percent.size and amount.size and percent.seen != amount.seen:
        return "the two changes have opposite signs"
    sign = percent.seen or amount.seen
    fit = arithmetic(price, amount.size, percent.size)
    if (fit.near_up and sign != -1) or (fit.near_down and sign != 1):
        return None
    return "price and changes contradict each other"


def _fits(value: Decimal) -> bool:
    return -_exponent(value) <= PRICE_PLACES and abs(value) < 10 ** (PRICE_DIGITS - PRICE_PLACES)


def _exponent(value: Decimal) -> int:
    """Of the last digit that is not a trailing zero."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PERCENT_PLACES:
        exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
