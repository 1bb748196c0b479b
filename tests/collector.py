"""A collection as a process of its own, without pauses, to be killed: `collector.py KIND ADDRESS FOLDER TYPED`."""

from __future__ import annotations

import sys
from pathlib import Path

from doubles import archives_at

from tracker.collect import Orders, collect, target
from tracker.collect.pace import Pace


def main(kind: str, address: str, folder: str, typed: str) -> int:
    pace = Pace(free=frozenset({"127.0.0.1"}))
    tally = collect(
        [target(typed)], archives_at(address, kind), Orders(Path(folder), roll=40_000), pace, on_say=print
    )
    print(tally.kept, tally.revisits, tally.known)
    return bool(tally.failed or tally.left or tally.refused)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
