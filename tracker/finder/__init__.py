"""Page -> Blocks -> Quotes, and the verdict. Pure.

gate      whether a page may hold a block at all, asked of its bytes
find      layouts first, then the generic finder; the verdict
generic   the finder for pages that no layout knows, from parts to quotes
cells     a page's text -> words and figures, each knowing its cell
rows      a coin and its figures
grid      tables drawn with marks: their columns and heads
context   what stands above, around and between rows
columns   what each column of a run of rows is
strangers rows of a list's shape whose name nobody knows
company   which names are coins' because they stand among coins
refusals  why a run of rows is no list of prices
"""

from __future__ import annotations

from .find import examine as examine
from .find import find as find
from .find import watch as watch
