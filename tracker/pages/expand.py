"""What is named -> what is read: files, folders, patterns, addresses, standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from ..errors import Beside, SourceError
from .source import STANDARD_INPUT, Source, is_address, is_web, locate, named

_NO_PAGES = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp", ".css", ".js", ".mjs", ".map", ".woff",
    ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".webm", ".m4a", ".pdf", ".docx", ".xlsx", ".pptx", ".hwp",
)  # fmt: skip
_MARKERS = (
    "_SUCCESS",
    "_metadata",
    "_common_metadata",
    "_temporary",
    "_tracker",
)  # what Spark leaves beside its files
_OWN = "uncollected.csv"  # what `tracker collect` notes beside its archives
_INDEXES = (".cdx", ".cdxj", ".idx", ".cdx.gz", ".cdxj.gz")


def expand(
    names: Iterable[str | os.PathLike[str]], on_error: Callable[[SourceError], object]
) -> Iterator[Source]:
    """The sources that files, folders, patterns, addresses and `-` stand for, in order, each folder's sorted by name.

    Hidden files and folders are left out, as a shell does. What is not there is told to `on_error`, and so is, as
    Beside, what a folder holds beside its pages: pictures, styles, scripts, indexes of archives, a README.
    """
    for name in [os.fspath(name) for name in names]:
        try:
            with named(Source(name)):
                yield from _named(name, on_error)
        except SourceError as error:
            on_error(error)


def _named(name: str, on_error: Callable[[SourceError], object]) -> Iterator[Source]:
    if is_web(name):
        yield locate(name)
    elif is_address(name) and glob.has_magic(name):
        from .remote import addresses

        if not (found := addresses(name)):
            raise SourceError(name, "nothing there matches", "check the pattern")
        yield from map(locate, found)
    elif name == STANDARD_INPUT or is_address(name) or not Path(name).is_dir():
        yield from _files(name, on_error) if _is_pattern(name) else (locate(name),)
    else:
        yield from _folder(name, on_error)


def _is_pattern(name: str) -> bool:
    return glob.has_magic(name) and not Path(name).exists()


def _files(pattern: str, on_error: Callable[[SourceError], object]) -> Iterator[Source]:
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not found:
        raise SourceError(pattern, "no file matches", "check the pattern")
    for name in (name for name in found if Path(name).name not in _MARKERS):
        yield from _folder(name, on_error) if Path(name).is_dir() else (locate(name),)


def _folder(folder: str, on_error: Callable[[SourceError], object]) -> Iterator[Source]:
    empty = True

    def refuse(error: OSError) -> None:
        on_error(SourceError(str(error.filename), "this folder cannot be read", "check its permissions"))

    for place, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _MARKERS)
        for name in sorted(name for name in files if not name.startswith(".") and name not in _MARKERS):
            empty = False
            path = Path(place, name)
            if is_own(name, files):
                continue
            if reason := no_page(name):
                on_error(Beside(Source(str(path)).title, reason))
            elif path.is_file():
                yield Source(str(path), size=path.stat().st_size)
            else:
                on_error(
                    SourceError(str(path), "is no file that can be read: a broken link, a pipe or a device")
                )
    if empty:
        raise SourceError(folder, "holds no files", "check the folder")


def is_own(name: str, beside: Collection[str]) -> bool:
    """What `tracker collect` writes beside its archives: its notes, and the index of an archive by the same name."""
    archive = name.removesuffix(".cdxj") + ".warc.gz"
    return name == _OWN or (name != archive and (archive in beside or f"{archive}.open" in beside))


def no_page(name: str) -> str | None:
    """Why a file beside pages is none of them by its name; None if it may be one."""
    if name.lower().endswith(_NO_PAGES):
        return "a picture, style, script or office document"
    if name.lower() == "tracker.toml" or name.lower().endswith(".duckdb.wal"):
        return "a file of this program, no page"
    if name.lower().endswith(_INDEXES):
        return "an index of archives, no page"
    return "a note on the folder, no page of it" if name.lower().startswith("readme") else None
