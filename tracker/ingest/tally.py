"""What an ingest came to, and how far it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import SourceError


class Progress(NamedTuple):
    """How far an ingest is: bytes of the sources done and in all, pages read, blocks found."""

    done: int
    total: int
    pages: int
    blocks: int


@dataclass(slots=True)
class Tally:
    """What an ingest came to; counts, unless said otherwise.

    sources      read to their end now
    completed    sources passed over: they were read to their end before
    outdated     those of them that an older reader read
    unreadable   sources that could not be read, or not to their end: their errors
    pages        pages read
    with_block   pages with a block
    blocks       blocks with at least one quote
    rows         quotes in them
    refused      rows seen and not taken
    partial      blocks of which rows were refused
    added        snapshots of blocks that are new in the store
    anew         snapshots that stand in the place of another reading of the same block
    withdrawn    snapshots that a newer reader did not find again in their source
    skipped      records, lines, members and files left out, by reason
    exports      exports of a store that were taken back, by name: how many of their snapshots were new, how many read anew
    stopped      the user stopped it: what was found until then is stored
    """

    sources: int = 0
    completed: int = 0
    outdated: int = 0
    unreadable: list[SourceError] = field(default_factory=list)
    pages: int = 0
    with_block: int = 0
    blocks: int = 0
    rows: int = 0
    refused: int = 0
    partial: int = 0
    added: int = 0
    anew: int = 0
    withdrawn: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    exports: dict[str, tuple[int, int]] = field(default_factory=dict)
    stopped: bool = False

    @property
    def moved(self) -> int:
        """Snapshots that are not in the store as they were."""
        return (
            self.added + self.anew + self.withdrawn + sum(new + anew for new, anew in self.exports.values())
        )

    @property
    def without_block(self) -> int:
        """Pages without a block."""
        return self.pages - self.with_block

    @property
    def known(self) -> int:
        """Blocks that were in the store already, as told or told better, or came twice."""
        return max(0, self.blocks - self.added - self.anew)
