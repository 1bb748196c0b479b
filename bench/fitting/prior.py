"""The weights set by hand, towards which the fit shrinks: so that a fit of today does not build on one of yesterday."""

from __future__ import annotations

TAKEN = 3.5
WEIGHTS: dict[str, float] = {
    "head-price": 3.0,
    "head-other": -6.0,
    "head-strange": -2.5,
    "class-price": 2.0,
    "class-other": -4.0,
    "money": 1.5,
    "first": 1.0,
    "large": -5.0,
    "running": -8.0,
    "same": -6.0,
    "costs": 4.0,
    "costs-many": 2.0,
    "costs-mostly": 3.5,
    "costs-twice": 3.0,
    "costs-two": 2.0,
    "costs-never": -6.0,
    "costs-nowhere": -2.0,
    "costs-partly": 1.0,
    "company": 1.0,
    "few": -1.5,
    "many": 1.0,
    "change": 0.5,
    "signed": 1.5,
    "alone": -2.0,
    "arithmetic": 3.0,
    "prices-said": 1.0,
    "measure-said": -3.0,
    "veto-said": -5.0,
}
