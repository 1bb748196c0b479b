"""The reader has a number. Who changes what is found in the cases raises it, and this notices who does not.

`pytest --update tests/ingest/test_reader.py` writes down what the new reader finds, once model.READER is raised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import pytest
from samples import samples

from tracker.errors import SourceError
from tracker.finder import find
from tracker.model import READER, Page
from tracker.pages import pages

TESTS = Path(__file__).parents[1]
SEEDS = TESTS.parent / "seeds"
FOUND = Path(__file__).with_name("found.json")


def cases() -> Iterator[tuple[str, Page]]:
    """Every page that the tests have, by a group of pages; in files of every kind where pages come from."""
    for folder in ("pages", "signs", "negatives"):
        yield from ((folder, sample.page) for sample in samples(folder))
    for line in (TESTS / "finder" / "traps.jsonl").read_text("utf-8").splitlines():
        trap = json.loads(line)
        yield "traps", Page(text=trap["text"], source=trap["id"])
    for name, folder in (("files", TESTS / "files"), ("seeds", SEEDS)):
        for path in sorted(folder.iterdir()):
            if path.suffix != ".py" and path.is_file():
                with suppress(SourceError):  # some are damaged, on purpose
                    yield from ((name, page) for page in pages(path, on_skip=lambda error: None))


def rows() -> dict[str, str]:
    """Of each group a digest of its snapshots' ids: all that is told of a page but the words it is printed in."""
    told: dict[str, list[str]] = {}
    for group, page in cases():
        told.setdefault(group, []).extend(block.snapshot_id for block in find(page) if block.quotes)
    return {group: blake2b(" ".join(ids).encode(), digest_size=8).hexdigest() for group, ids in told.items()}


def test_what_is_found_has_changed_only_with_the_readers_number(request: pytest.FixtureRequest) -> None:
    known, now = json.loads(FOUND.read_text()), {"reader": READER, **rows()}
    if known["reader"] == READER:
        other = sorted(group for group in now if known.get(group) != now[group])
        assert not other, (
            f"rows of {other} are others than before: raise model.READER, then run this with --update"
        )
    elif request.config.getoption("--update"):
        FOUND.write_text(json.dumps(now, indent=2) + "\n")
    else:
        pytest.fail(
            "model.READER was raised: run this with --update, and say in CHANGES.md what is found now"
        )
