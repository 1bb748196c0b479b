"""How much each piece of evidence counts. Data, fitted by `make fit` on labelled pages from weights set by hand.

A hypothesis says which column of a run is the price and which the change; the pieces speak for or against it, and the
sum decides: from `TAKEN` on the run is a list of prices. With weights fitted without one family of pages at a time, at
most 1 % of the values of those families are then false. Pieces are named so that `inspect --why` can show them.
"""

from __future__ import annotations

TAKEN = 4.8

WEIGHTS: dict[str, float] = {
    # which column is the price
    "head-price": 3.9,  # a head or label calls it so
    "head-other": -6.6,  # a head or label calls it something else
    "head-strange": -2.4,  # a head or label that nobody knows
    "class-price": 2.1,  # its markup calls it so
    "class-other": -4.0,  # its markup calls it something else
    "money": 0.8,  # each figure carries a currency mark
    "first": 2.0,  # no other figure but a rank stands before it
    "large": -5.0,  # millions and more for all, as market values and volumes are
    "running": -8.0,  # counts up by one: a rank
    "same": -6.0,  # one figure for all coins
    "costs": 4.1,  # three coins or more, and some week in which all cost that
    "costs-mostly": 3.4,  # five or more, and some week in which four of five cost that
    "costs-twice": 2.6,  # another column of other money fits a week as well
    "costs-two": 2.2,  # two coins, likewise
    "costs-never": -5.8,  # three coins or more, and no such week
    "costs-nowhere": -1.6,  # three coins or more without a currency, and no week and no currency in which they cost that
    "costs-partly": 0.7,  # most coins of a longer list fit one week
    # what the run is
    "company": 0.5,  # three coins or more
    "few": -1.4,  # two coins
    "many": 0.6,  # six or more
    "change": 1.1,  # a column of percents stands beside it
    "signed": 0.6,  # with signs, printed or in the markup
    "alone": -2.1,  # a column of bare figures and nothing beside it
    "arithmetic": 3.2,  # price, amount and percent prove each other
    "prices-said": 1.4,  # words above speak of prices or markets
    "measure-said": -3.0,  # words above name another measure
    "veto-said": -3.9,  # words above say that they are no present prices
}
