"""By what a source is known again: its content, and what the user told of it and wants to be found in it.

What the program itself finds is no part of it: that is said by model.READER, so that an upgrade does not read a terabyte
again unasked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from ..clock.stamps import time_in_name
from ..coins.registry import Coins
from ..coins.registry import load as builtin_coins
from ..layouts.layout import Layout
from ..layouts.layout import load as installed_layouts
from ..model import GENERIC, READER, Block
from ..pages import Source

_WHOLE = 1 << 20  # files up to here are digested whole
_SAMPLES, _SAMPLE = 64, 8 << 10  # of larger ones so many pieces, spread evenly from the first to the last


class Mark(NamedTuple):
    """By what a source is known that was read.

    fingerprint  digest of its content, the options and the user's own layouts and coins
    origin       the same without layouts and coins
    read_by      the READER that read it
    """

    fingerprint: str
    origin: str
    read_by: int

    def origin_of(self, block: Block) -> str:
        """What a newer reader must go through to have the last word on a block: for one that no layout claimed the
        source; for a layout's the source with these layouts, for without them nobody could find it again."""
        return self.origin if block.layout == GENERIC else self.fingerprint


class Circumstances(NamedTuple):
    """All but content that decides what is found, digested: the options, and the user's layouts and coins."""

    options: bytes
    own: bytes


def mark(source: Source, circumstances: Circumstances) -> Mark | None:
    """The digests of a file's size and content, the time in its name, the record that is asked for, and the rest.

    A large file is not read to its end for it: that would cost as much as reading it. A change between the samples
    that leaves the size as it was goes unseen; `--again` is the way out. None for what is no file, or cannot be read.
    """
    if not source.is_file or not Path(source.path).is_file():
        return None
    digest = blake2b(circumstances.options, digest_size=16)
    digest.update(
        f"{source.size} {time_in_name(source.path, 'UTC')} {source.record}\n".encode(
            "utf-8", "surrogateescape"
        )
    )
    try:
        with Path(source.path).open("rb", buffering=0) as file:
            for place, length in _pieces(source.size):
                file.seek(place)
                digest.update(file.read(length) or b"")
    except OSError:
        return None
    origin = digest.hexdigest()
    digest.update(circumstances.own)
    return Mark(digest.hexdigest(), origin, READER)


def _pieces(size: int) -> Iterable[tuple[int, int]]:
    if size <= _WHOLE:
        return ((0, size + 1),)
    return ((i * (size - _SAMPLE) // (_SAMPLES - 1), _SAMPLE) for i in range(_SAMPLES))


def circumstances(layouts: Sequence[Layout] | None, known: Coins | None, *options: object) -> Circumstances:
    """The digests of the user's options, and of layouts and coins other than those that come with the program."""
    return Circumstances(_digest([repr(options)]), _digest([*_own_layouts(layouts), *_own_coins(known)]))


def _own_layouts(layouts: Sequence[Layout] | None) -> Iterator[str]:
    """What differs from the installed layouts: those of the user, and those left out."""
    if layouts is None:
        return
    yield from (f"{one.id} {one.data!r}" for one in layouts if not one.installed)
    tried = {one.id for one in layouts}
    yield from (f"without {one.id}" for one in installed_layouts() if one.id not in tried)


def _own_coins(known: Coins | None) -> Iterator[str]:
    """What differs from the built-in coins."""
    for spelling in known.spellings() if known else ():
        if known and (coin := known.get(spelling)) != builtin_coins().get(spelling):
            yield f"{spelling} {coin}"


def _digest(lines: Iterable[str]) -> bytes:
    digest = blake2b(digest_size=16)
    for line in lines:
        digest.update(f"{line}\n".encode("utf-8", "surrogateescape"))
    return digest.digest()
