"""How much each piece of evidence counts. Data, fitted by `make fit` on labelled pages from weights set by hand.

A hypothesis says which column of a run is the price and which the change; the pieces speak for or against it, and the
sum decides: from `TAKEN` on the run is a list of prices. With weights fitted without one family of pages at a time, at
most 1 % of the values of those families are then false. By hand, for too few labelled pages have them, are `head-past`,
`range`, `dates`, `orders`, `pairs`, `market`, `whole`, `rival`, `costs-lately` and `costs-rate`. Pieces are named so that
`inspect --why` can show them.
"""

from __future__ import annotations

TAKEN = 4.65

WEIGHTS: dict[str, float] = {
    # which column is the price
    "head-price": 3.3,  # a head or label calls it so
    "head-other": -6.5,  # a head or label calls it something else
    "head-past": -15.0,  # a high, a low, a price of before: coins did cost that
    "range": -8.0,  # a dash and another price stand behind each: a span, a forecast
    "head-strange": -2.5,  # a head or label that nobody knows
    "rival": -4.0,  # so it is, and another column of the same money fits a week as well
    "class-price": 2.1,  # its markup calls it so
    "class-other": -4.0,  # its markup calls it something else
    "money": 1.2,  # each figure carries a currency mark
    "first": 2.8,  # no other figure but a rank stands before it
    "large": -5.0,  # millions and more for all, as market values and volumes are
    "running": -8.0,  # counts up by one: a rank
    "same": -6.0,  # one figure for all coins
    "costs": 3.6,  # three coins or more, and some week in which all cost that
    "costs-many": 1.3,  # and they are six or more
    "costs-mostly": 3.5,  # five or more, and some week in which four of five cost that
    "costs-lately": 3.4,  # five or more, four of five near what they cost in the last weeks that are known
    "costs-rate": 1.5,  # four or more without a currency, and some week and rate at which all cost that
    "costs-twice": 3.2,  # another column of other money fits a week as well
    "costs-two": 1.9,  # two coins, likewise
    "costs-never": -4.9,  # three coins or more, and no such week
    "costs-nowhere": -1.8,  # three coins or more without a currency, and no week and no currency in which they cost that
    "costs-partly": 0.9,  # most coins of a longer list fit one week
    # what the run is
    "company": 0.7,  # three coins or more
    "few": -1.9,  # two coins, or one
    "whole": 2.2,  # one coin, its price in printed money and its signed percent are all that stands there
    "many": 0.1,  # six or more
    "pairs": 2.5,  # every name is a pair: `BTC/USDT`
    "market": 2.0,  # they cost that, and indices, metals or currencies stand among them in the same build
    "change": 1.1,  # a column of percents stands beside it
    "signed": 1.2,  # with signs, printed or in the markup
    "orders": -12.0,  # words in each row say that it is an order, or a position that somebody has
    "dates": -12.0,  # each row has a day of its own: transactions, or a history
    "alone": -2.3,  # a column of bare figures and nothing beside it
    "arithmetic": 3.2,  # price, amount and percent prove each other
    "prices-said": 2.1,  # words above speak of prices or markets
    "measure-said": -3.1,  # words above name another measure
    "veto-said": -3.6,  # words above say that they are no present prices
}
