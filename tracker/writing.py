"""A file written whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import OutputError

ROOM = "make room, or name another file"


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` if the block ends well, else it goes.

    A file that was there stays until then. OutputError where the folder is missing or not writable, the path is a
    folder, or the disk is full.
    """
    target = Path(path).resolve()
    if target.is_dir():
        raise OutputError(str(path), "is a folder", "name a file in it")
    if not target.parent.is_dir():
        raise OutputError(str(path), f"there is no folder {target.parent}", "make it first, or name another")
    _clear(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise OutputError(str(path), f"cannot be written: {error.strerror}", "name another file") from error
    except OutputError as error:
        raise OutputError(str(path), error.reason.replace(str(part), str(path)), error.remedy) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _clear(target: Path) -> None:
    """Take away what a process that is gone left half written beside `target`."""
    left = re.compile(rf"\.{re.escape(target.name)}\.([0-9]{{1,9}})(?:\.[^.]*)?\.part")
    with suppress(OSError):
        for path in target.parent.iterdir():
            if (found := left.fullmatch(path.name)) and _is_gone(int(found[1])):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _is_gone(process: int) -> bool:
    """No such process runs; where that cannot be asked without harm, it may."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False
