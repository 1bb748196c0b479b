"""Names -> the paths that are handed out: files, folders, patterns, addresses, and lists of any of these.

A list is a file whose name ends in `.paths` or `.paths.gz`, a name a line, as Common Crawl has them of each crawl
(`warc.paths.gz`, `wet.paths.gz`). Its names begin where the list's own address does: those of
`https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-10/wet.paths.gz` begin with `crawl-data/`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import Beside, SourceError
from ..pages import expand
from ..pages.source import is_address, kind_of, locate, opened
from ..pages.streams import peek, unpacked

ENDINGS = (".paths", ".paths.gz", ".paths.zst")


class Named(NamedTuple):
    """A path to read. size: its bytes, 0 where nobody says."""

    path: str
    size: int = 0


def named(
    names: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], root: str | None = None
) -> list[Named]:
    """The paths that names stand for, in order, each once; those of files absolute.

    root  where the names in lists begin, if not where the list does: `s3://commoncrawl/`
    A name that stands for nothing is a path too: who is handed it says why it cannot be read. What lies beside pages in a
    folder is none. Raises SourceError for a list that cannot be read, or does not say where its names begin.
    """
    given = [names] if isinstance(names, str | os.PathLike) else names
    found: dict[str, Named] = {}
    for name in [os.fspath(each) for each in given]:
        for one in _listed(name, root) if name.lower().endswith(ENDINGS) else _of(name):
            # An executor's working folder is another one.
            path = one.path if is_address(one.path) else str(Path(one.path).absolute())
            found.setdefault(path, one._replace(path=path))
    return [*found.values()]


def _of(name: str) -> Iterator[Named]:
    """What a name stands for, and what of it cannot be had, by its own name."""
    missing: list[SourceError] = []
    for source in expand([name], missing.append):
        yield Named(source.name, source.size)
    yield from (Named(error.subject) for error in missing if not isinstance(error, Beside))


def _listed(name: str, root: str | None) -> Iterator[Named]:
    """The names in a list. They are not asked for one by one: there may be ninety thousand."""
    source = locate(name)
    with opened(source) as stream:
        head, whole = peek(stream)
        text = unpacked(whole, kind_of(head, name)[1]).read().decode("utf-8", "surrogateescape")
    for line in filter(None, map(str.strip, text.splitlines())):
        yield Named(line if is_address(line) or Path(line).is_absolute() else _begun(name, line, root))


def _begun(listed: str, line: str, root: str | None) -> str:
    """A name of a list with what it lacks: the root, else what stands before its first folder in the list's own name."""
    if root is not None:
        return f"{root.rstrip('/')}/{line}"
    folder = f"/{line.partition('/')[0]}/"
    at = listed.find(folder, listed.find("://") + 3 if is_address(listed) else 0)
    if "/" in line and at >= 0:
        return f"{listed[: at + 1]}{line}"
    remedy = "say it: https://data.commoncrawl.org/ or s3://commoncrawl/ for Common Crawl's"
    raise SourceError(listed, f"does not say where its names begin: {line}", remedy)
