"""How far figures may lie apart before that says something, and how many of them it takes. Shares of a price."""

from __future__ import annotations

# -- a list against what its coins cost in a week (or a day)

# Beyond a period's lowest and highest price elsewhere: sources differ by 0 to 1.3 % in the median of full weeks.
COIN = 0.04
# A period that takes more of it than the one that takes least is left out.
TIGHT = 0.015
# All coins of a site stand above or below the world's by one factor, its premium. That of closed markets (the won: 12 %,
# 25 % in spring 2021, 55 % in the winter of 2017) stands with the table: coins/costs.py.
ABOVE, BELOW = 0.07, 0.02
# A time is contradicted only by prices that lie outside the week, its neighbours on both sides, and this besides.
NEAR = 0.12
# Fewer coins than these fit somewhere by accident.
LEAST = 3
# Of so many coins that a week knows one may be off: misread, or another coin of that ticker.
COINS_A_MISS = 8
# A price is off the market from this factor on, beyond all of the above.
OFF = 1.5
# Coins that stand for a dollar say nothing about time.
STABLE = ("BUSD", "DAI", "FDUSD", "PYUSD", "TUSD", "USDC", "USDD", "USDE", "USDP", "USDT", "UST", "USTC")

# -- a list against dated snapshots of the same store

REACH = 7  # days: snapshots further apart are no neighbours
SITE = 0.01  # sites differ by so much (one standard deviation)
DAILY = 0.035  # a coin's price moves by so much in a day (one standard deviation), between neighbours less
TOGETHER = 0.6  # of its square all coins share so much
LOOSE, LIKELY = (
    5.0,
    11.0,
)  # how far beyond what is expected, in units of its root; how far from the likeliest hour
SURE = 5  # from so many coins on, a fit between neighbours needs no look at the weeks that have none

# -- a change over 24 h against the price 24 h before

AGREES = 0.02  # prices of one hour lie that near to each other
DIFFERS = 0.05  # nothing but another price lies that far off

# -- the rest

JUMP = 1.5  # a price by this factor off those before and behind it, which agree within CALM
CALM = 1.15
BESIDE = 3  # days: before and behind it are no further off
PLACES_APART = 60  # days: lists of one layout keep their order for so long
ALIKE = 15  # minutes: an unchanged block on another page of its site within these is the same observation
NARROW = 8  # days: a span up to this is as good as a time
