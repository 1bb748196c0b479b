"""Zip and tar archives, their members read in memory, one after the other.

Nothing from inside is ever written to disk, a bundle is opened in a bundle once, and no more is unpacked than
streams.Budget allows.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import Beside, Skipped, SourceError
from .expand import no_page
from .source import Kind, Source, named, opened
from .streams import HEAD, Budget, Bytes, Member, Packing, unpacked

if TYPE_CHECKING:
    from zipfile import ZipInfo

MAX_DEPTH = 2  # a bundle in a bundle is opened, and none inside that


def members(source: Source, kind: Kind, packing: Packing) -> Iterator[Source | Skipped]:
    """What is in a bundle: each member as a source that must be read before the next is asked for, or why it is none.

    Raises SourceError for a damaged bundle, for one that unfolds without end, for a bundle within too many, and for a
    member that is asked for and not there.
    """
    if source.depth >= MAX_DEPTH:
        raise SourceError(source.title, "a bundle in a bundle in a bundle is not opened", "unpack it first")
    found = False
    for member in _zip(source) if kind == "zip" else _tar(source, packing):
        record = _within(source.record, member.name)
        if record is None or _is_hidden(member.name) or _is_own_part(source, member.name):
            continue
        found = True
        path = f"{source.path}#{member.name}"
        if reason := member.refusal or no_page(Path(member.name).name):
            yield (Skipped if member.refusal else Beside)(Source(path).title, reason)
            continue
        with named(Source(path)), member.open() as stream:
            yield Source(
                path, record, member.size, stream=stream, depth=source.depth + 1, budget=member.budget
            )
    if source.record and not found:
        raise SourceError(source.name, "this bundle has no such member", "check the name")


class _Member(NamedTuple):
    """One member: its name, how much it unfolds to, why it cannot be read, how to open it."""

    name: str
    size: int
    refusal: str | None
    open: Callable[[], Bytes]
    budget: Budget


def _within(record: str, name: str) -> str | None:
    """What of the record that is asked for lies in a member; None if it is not this one."""
    if not record or record == name:
        return ""
    return record[len(name) + 1 :] if record.startswith(f"{name}#") else None


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in Path(name).parts)


def _is_own_part(source: Source, member: str) -> bool:
    """What a WACZ file holds of its own: it keeps its archives in one folder, and lists and indexes of them beside it."""
    return source.path.lower().endswith(".wacz") and not source.record and not member.startswith("archive/")


def _zip(source: Source) -> Iterator[_Member]:
    from zipfile import BadZipFile, ZipFile

    # What the module raises for bytes that are no zip archive, by trial.
    errors = (BadZipFile, NotImplementedError, RuntimeError, ValueError, struct.error, zlib.error, EOFError)
    budget = source.budget or Budget(source.title, source.size)
    with opened(source) as stream:
        try:
            archive = ZipFile(stream)
        except errors as error:
            raise SourceError(source.title, "is no zip archive, or is cut off", "fetch it again") from error
        with archive:
            budget.spend(sum(info.file_size for info in archive.infolist()))
            for info in archive.infolist():
                locked = "is locked with a password" if info.flag_bits & 1 else None
                if not info.filename.endswith("/"):
                    open_it = partial(_once, archive.open, info, errors)
                    yield _Member(_name_in_zip(info), info.file_size, locked, open_it, budget)


def _name_in_zip(info: ZipInfo) -> str:
    """A member's name; where it is not marked as UTF-8 it is that or CP949 all the same, if it can be."""
    if not info.flag_bits & 0x800:
        for codec in ("utf-8", "cp949"):
            try:
                return info.filename.encode("cp437").decode(codec)
            except ValueError:
                continue
    return info.filename


def _tar(source: Source, packing: Packing) -> Iterator[_Member]:
    """The members from end to end: a tar archive has no table of contents."""
    import tarfile
    from lzma import LZMAError

    errors = (tarfile.TarError, LZMAError, ValueError, zlib.error, EOFError)
    budget = source.budget or Budget(source.title, source.size)
    with opened(source) as stream:
        inside = unpacked(stream, packing)
        try:
            with tarfile.open(fileobj=inside, mode="r|") as archive:
                for info in archive:
                    budget.spend(info.size)
                    link = "is a link to another file" if info.islnk() or info.issym() else None
                    if info.isfile() or link:
                        open_it = partial(_once, archive.extractfile, info, errors)
                        yield _Member(info.name, info.size, link, open_it, budget)
        except errors as error:
            raise SourceError(
                source.title, "is no tar archive, or is damaged or cut off", "fetch it again"
            ) from error


def _once(open_it: Callable[[Any], Any], info: object, errors: tuple[type[Exception], ...]) -> Bytes:
    """A member's bytes as a stream that knows one direction only."""
    try:
        return io.BufferedReader(Member(open_it(info), errors), HEAD)
    except errors as error:
        raise OSError(f"is damaged: {error}") from error
