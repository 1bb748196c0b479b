"""Printed name -> symbol, and what coins are called. Pure.

coins.csv  one row a coin: its ticker and spellings
registry   that table, and a user's own on top
names      a printed name that is a coin's from end to end
costs      what coins cost in each week: whether figures can be prices, when, in which money
elsewhere  roughly what a dollar cost in money that costs does not have
"""

from __future__ import annotations

from .registry import Coins as Coins
from .registry import load as load
