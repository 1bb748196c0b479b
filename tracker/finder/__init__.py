"""Page -> Blocks -> Quotes, and the verdict. Pure.

gate       whether a page may hold a block at all, asked of its bytes
near       whether a coin stands near a figure there, asked of its bytes too
find       layouts first, then what markup, lines and data tell; the verdict
tree       HTML -> a light tree of elements and texts
direction  what the words of markup say of a rise or a fall
colours    signs that only a colour says, where the page proves its meaning
record     the nouns: a run of records, and the fields of each
records    a tree -> runs of records: repeated neighbours of one build
turned     tables whose coins stand side by side, made rows
drawn      tables drawn in text whose coins stand side by side
comparing  records of a run held against each other: builds, lost cells, where tickers stand
over       what stands over records: the heads of their columns, the lines above
listing    lines -> runs of records: names and figures in one shape
embedded   data in scripts -> runs of records
separated  lines of values under heads, as in CSV -> runs of records
literals   values as programs write them -> what JSON would give
hypotheses the few ways to lay roles over a run's columns
weighing   what speaks for and against each, by name
quoting    a run and its columns -> quotes and refusals
judging    runs of records -> quotes and refusals: the best hypothesis, if it weighs enough
weights    how much each piece of evidence counts
others     what stands among coins and is none, by name
placed     signs of rows read from lines, where the markup says them
markup     runs judged -> blocks with their places
both       several readings of one page put together
shared     marks that several moneys share, and which it is
generic    the finder by rules, from parts to quotes
cells      a page's text -> words and figures, each knowing its cell
naming     which words of a page may name a coin
rows       a coin and its figures
grid       tables drawn with marks: their columns and heads
context    what stands above, around and between rows
columns    what each column of a run of rows is
strangers  rows of a list's shape whose name nobody knows
company    which names are coins' because they stand among coins
refusals   why a run of rows is no list of prices
"""

from __future__ import annotations

from .find import examine as examine
from .find import find as find
from .find import watch as watch
from .find import worth as worth
