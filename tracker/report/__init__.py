"""One HTML page with everything, to mail or to print.

page            what stands on it, and writing it
report.html.j2  its template
"""

from __future__ import annotations

from .page import write as write
