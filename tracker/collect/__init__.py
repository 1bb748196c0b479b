"""Pages from sites and archives, kept as web archives (WARC 1.1): politely, resumably, each traceable to its bytes.

capture   the noun: one copy of a page, as an index tells it
target    what is to be collected, as it is typed
archives  where each archive is asked, and how often
pace      politeness: the one place that waits, and the reasons for every pause
asking    one request after the other: its turn, its tries, and when a host has said enough
cdx       what an archive says it has, in three dialects
choose    which of it is wanted; pure
replay    a capture as an archive gives it back
ranges    a capture out of an archive's own file
robots    robots.txt
live      a live page
render    a live page after its scripts have run
record    records of WARC, packed one by one
cdxj      the index beside a file
notes     what was met and not kept
known     what was kept before
mend      what a run finds
keep      the files of a site
tally     what it came to
collect   the conductor
estimate  what it would take
needed    the extra
"""

from .archives import archives as archives
from .collect import Orders as Orders
from .collect import collect as collect
from .estimate import Estimate as Estimate
from .estimate import estimate as estimate
from .needed import needed as needed
from .pace import Pace as Pace
from .tally import Tally as Tally
from .target import target as target
