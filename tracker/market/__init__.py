"""What the rows of a store say about one another: what is known beforehand, and what it takes. Pure.

kinds    the findings there are, and what each means
margins  how far figures may lie apart, and how many it takes: every tolerance, with its reason
renames  tickers that changed: coins that go by another since some day, tickers that two coins had
implied  what a printed change leads to: the price of 24 h before, and where it does
atlas    what coins cost in each period, in which money: the built-in weeks, and a user's own table on top
"""

from __future__ import annotations
