"""How much each piece of evidence counts. Data.

A hypothesis says which column of a run is the price and which the change; the pieces speak for or against it, and the
sum decides: from `TAKEN` on the run is a list of prices. Pieces are named so that `inspect --why` can show them.
"""

from __future__ import annotations

TAKEN = 3.5

WEIGHTS: dict[str, float] = {
    # which column is the price
    "head-price": 3.0,  # a head or label calls it so
    "head-other": -6.0,  # a head or label calls it something else
    "head-strange": -2.5,  # a head or label that nobody knows
    "class-price": 2.0,  # its markup calls it so
    "class-other": -4.0,  # its markup calls it something else
    "money": 1.5,  # each figure carries a currency mark
    "first": 1.0,  # no other figure but a rank stands before it
    "large": -5.0,  # millions and more for all, as market values and volumes are
    "running": -8.0,  # counts up by one: a rank
    "same": -6.0,  # one figure for all coins
    "costs": 4.0,  # three coins or more, and some week in which all cost that
    "costs-mostly": 3.5,  # five or more, and some week in which four of five cost that
    "costs-twice": 3.0,  # another column of other money fits a week as well
    "costs-two": 2.0,  # two coins, likewise
    "costs-never": -6.0,  # three coins or more, and no such week
    "costs-partly": 1.0,  # most coins of a longer list fit one week
    # what the run is
    "company": 1.0,  # three coins or more
    "few": -1.5,  # two coins
    "many": 1.0,  # six or more
    "change": 0.5,  # a column of percents stands beside it
    "signed": 1.5,  # with signs, printed or in the markup
    "alone": -2.0,  # a column of bare figures and nothing beside it
    "arithmetic": 3.0,  # price, amount and percent prove each other
    "prices-said": 1.0,  # words above speak of prices or markets
    "measure-said": -3.0,  # words above name another measure
    "veto-said": -5.0,  # words above say that they are no present prices
}
