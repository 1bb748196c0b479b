"""Which time a block belongs to, and on what evidence. Pure.

ladder    the evidence in order; the first that holds wins
evidence  dates and clocks that stand in and around a block
stamps    times that a user types, and those in files' names
"""

from __future__ import annotations

from .ladder import Reading as Reading
from .ladder import TimeMarks as TimeMarks
from .ladder import settle as settle
