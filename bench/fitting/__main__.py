"""`python -m bench.fitting [--into tracker/finder/weights.py]`: fit, print the table, and put the weights in the file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import fit

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m bench.fitting", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put the weights there, beside what they mean"
    )
    asked = parser.parse_args()
    sys.stdout.write(f"{fit.table()}\n")
    if asked.into:
        asked.into.write_text(fit.written(asked.into.read_text("utf-8"), fit.fitted()), "utf-8")
