"""The weights of the finder's evidence, fitted on labelled pages: `python -m bench.fitting`, or `make fit`.

lists     lists made by a fixed seed, in the columns that sites have; with prices, and with all else that is printed
prints    ways to print them: as markup, as lines, as data
pages     every labelled page there is: of the tests, of the cases given where that folder is, and the made ones
examples  a page -> its runs, each with its hypotheses, their evidence, and whether they are right
logistic  examples -> weights: logistic regression that shrinks towards the weights there are
with_pandas  what a user would do instead, on the same pages
fit       the fit, the threshold by leaving out one family at a time, and the table
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # whose pages and lists are read
