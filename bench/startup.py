"""Start-up: whole processes, from nothing to their exit

`tracker --version` is what a shell waits for before any work begins. `tracker ingest` of one page without a block is the
price of a run that finds nothing; pandas is what it would cost if it loaded what it does not need.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import DEVNULL, run

from . import Ratio, python, ratios, side_by_side

TYPER = python("-c", "import typer")
PANDAS = python("-c", "import pandas")


def table() -> str:
    with tempfile.TemporaryDirectory() as folder:
        pages, store = Path(folder, "pages"), Path(folder, "store.duckdb")
        pages.mkdir()
        (pages / "page.txt").write_text("Nothing of the kind stands here.", "utf-8")
        ingest = python("-m", "tracker", "--store", str(store), "ingest", "--quiet", str(pages))
        return ratios(
            [
                _compare(
                    "`tracker --version` / `import typer`", [_command(), "--version"], TYPER, "1.5 or less"
                ),
                _compare("`tracker ingest` of one bare page / `import pandas`", ingest, PANDAS, "below 1"),
            ]
        )


def _command() -> str:
    """The `tracker` beside this interpreter, as a user starts it."""
    return str(Path(python()[0]).with_name("tracker"))


def _compare(what: str, ours: Sequence[str], theirs: Sequence[str], goal: str) -> Ratio:
    return Ratio(what, *side_by_side(lambda: _seconds(ours), lambda: _seconds(theirs)), goal)


def _seconds(command: Sequence[str]) -> float:
    """From start to exit, by the clock: what a person waits."""
    start = time.perf_counter()
    run(command, stdout=DEVNULL, stderr=DEVNULL, check=False)
    return time.perf_counter() - start
