"""One HTML page with everything, to mail or to print.

page            the page as a whole, and writing it
counts          what it counts, and what coins and sites are called
sections        its tables: newest quotes, coverage, doubtful rows, findings
series          its charts: the pictures, and the data that its script draws them anew from
report.html.j2  its template; report.css and report.js stand in it
"""

from __future__ import annotations

from .page import write as write
