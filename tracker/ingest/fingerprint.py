"""By what a source is known again: its content, and everything else that decides what is found in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

from ..clock.stamps import time_in_name
from ..coins.registry import Coins
from ..layouts.layout import Layout
from ..pages import Source

_WHOLE = 1 << 20  # files up to here are digested whole
_SAMPLES, _SAMPLE = 64, 8 << 10  # of larger ones so many pieces, spread evenly from the first to the last
_HOUSE = Path(__file__).parent.parent
_ROOMS = ("printed", "coins", "clock", "layouts", "finder", "pages")
_FINDERS = (
    "model.py",
    *(f"{room}/*.{kind}" for room in _ROOMS for kind in ("py", "csv", "toml")),
)  # what decides


def fingerprint(source: Source, circumstances: bytes) -> str | None:
    """The digest of a file's size and content, the time in its name, the record that is asked for, and the rest.

    A large file is not read to its end for it: that would cost as much as reading it. A change between the samples
    that leaves the size as it was goes unseen; `--again` is the way out. None for what is no file, or cannot be read.
    """
    if not source.is_file or not Path(source.path).is_file():
        return None
    digest = blake2b(circumstances, digest_size=16)
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
    return digest.hexdigest()


def _pieces(size: int) -> Iterable[tuple[int, int]]:
    if size <= _WHOLE:
        return ((0, size + 1),)
    return ((i * (size - _SAMPLE) // (_SAMPLES - 1), _SAMPLE) for i in range(_SAMPLES))


def circumstances(layouts: Sequence[Layout] | None, known: Coins | None, *options: object) -> bytes:
    """The digest of all else that decides what is found: this program, the layouts and coins, the user's options."""
    digest = blake2b(repr(options).encode("utf-8", "surrogateescape"), digest_size=16)
    for pattern in _FINDERS:
        for path in sorted(_HOUSE.glob(pattern)):
            digest.update(path.read_bytes())
    for layout in layouts or ():
        digest.update(f"{layout.id} {layout.data!r}".encode())
    for spelling in known.spellings() if known else ():
        digest.update(f"{spelling} {known.symbol(spelling) if known else ''}\n".encode())
    return digest.digest()
