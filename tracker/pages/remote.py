"""Addresses that are none of the web: `s3://…` and whatever else fsspec reads. An optional extra."""

from __future__ import annotations

import glob
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from ..errors import SourceError
from .streams import Bytes

_BLOCK = 4 << 20  # bytes fetched at a time
_Result = TypeVar("_Result")


@contextmanager
def open_remote(address: str) -> Iterator[Bytes]:
    """The bytes at an address: to be sought in where the server gives parts of a file, else to be read once in order.

    Raises SourceError if fsspec is missing or does not know the address, and if nothing is to be had there.
    """
    fs, path = file_system(address)
    file = _asked(address, lambda: fs.open(path, "rb", block_size=_BLOCK))
    try:
        file.seek(max(0, (getattr(file, "size", None) or 0) - 1))
        file.read(1)
        file.seek(0)
        seekable = True
    except Exception:  # a server that sends whole files only says so in many ways
        file.close()
        file = _asked(address, lambda: fs.open(path, "rb", block_size=0))
        seekable = False
    with io.BufferedReader(_Remote(file, seekable), _BLOCK) as stream:
        yield stream


def addresses(pattern: str) -> list[str]:
    """The addresses that a pattern such as `s3://bucket/*.warc.gz` stands for, in order."""
    fs, path = file_system(pattern)
    found = _asked(pattern, lambda: fs.glob(path))
    return sorted(fs.unstrip_protocol(name) for name in found)


def listing(place: str) -> list[tuple[str, int, str]]:
    """The files under an address, or of a pattern: address, bytes, and a tag that another content does not have."""
    fs, path = file_system(place)
    fs.invalidate_cache()
    if glob.has_magic(path):
        found = _asked(place, lambda: fs.glob(path, detail=True))
    else:
        found = _asked(place, lambda: fs.find(path, detail=True))
    files = ((name, told) for name, told in found.items() if told.get("type") == "file")
    return [(fs.unstrip_protocol(name), told.get("size") or 0, _tag(told)) for name, told in files]


def _tag(told: dict[str, Any]) -> str:
    return str(told.get("ETag") or told.get("LastModified") or told.get("mtime") or told.get("created") or "")


def size_of(address: str) -> int:
    """Bytes at an address, 0 if the server does not say."""
    fs, path = file_system(address)
    size = _asked(address, lambda: fs.info(path)).get("size")
    return size if isinstance(size, int) else 0


def file_system(address: str) -> tuple[Any, str]:
    """What fsspec has for an address, and the path there. SourceError where it is missing or does not know it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        remedy = "pip install 'ticker-tracker[remote]', or fetch the file first"
        raise SourceError(
            address, "such addresses are read with fsspec, which is not installed", remedy
        ) from error
    fs, path = _asked(address, lambda: url_to_fs(address))
    return fs, path


def _asked(address: str, ask: Callable[[], _Result]) -> _Result:
    """What fsspec answers. Its back ends raise errors of their own kinds: each becomes a SourceError with its text."""
    try:
        return ask()
    except FileNotFoundError as error:
        raise SourceError(address, "there is nothing at this address, or no way to it", "check it") from error
    except Exception as error:
        raise SourceError(address, f"cannot be opened: {error or type(error).__name__}") from error


class _Remote(io.RawIOBase):
    """A file of fsspec as a Python stream. Its errors, which may be of any kind, become OSErrors."""

    def __init__(self, file: Any, seekable: bool) -> None:
        self._file, self._seekable = file, seekable

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._seekable

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if not self._seekable:
            raise io.UnsupportedOperation("seek")
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read(len(buffer))
        except Exception as error:
            raise OSError(f"the transfer broke off: {error or type(error).__name__}") from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
