"""Which time a block belongs to, and on what evidence. Pure.

ladder    the evidence in order; the first that holds wins
own       dates, clocks and ages that are the block's own
published the article's date: all that may tell it, the best first
article   the article's date, and today's, by the page's words and address
markup    the article's date by the page's markup
zone      in which zone a page prints its times
plausible which times a page can have
lines     how a page's lines are walked
stamps    times that a user types, and those in files' names
"""

from __future__ import annotations

from .ladder import Reading as Reading
from .ladder import TimeMarks as TimeMarks
from .ladder import settle as settle
