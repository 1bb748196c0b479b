"""The command line: each command reads like a table of contents. Data to standard output, all else to standard error.

app      the application, and what is said to people
options  what can be said to it
ingesting  ingest, inspect, layouts
collecting  collect
watching   watch
querying   latest, history, coverage, check, reconcile, forget
exporting  plot, export, report
asking   what was asked for, and what of it gives nothing
table    rows for people and for programs
grid     a table on a terminal
explain  a verdict in words
settings what one always says: the environment, tracker.toml
complete what the shell offers at the Tab key
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

from .. import __version__


def main() -> None:
    """The command `tracker`."""
    _steady_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit status. What can be foreseen ends in one line, never a traceback."""
    try:
        status = _ended(arguments)
        sys.stdout.flush()
        return status
    except (BrokenPipeError, SystemExit):  # the reader has seen enough; Typer's way to say so is to exit
        status = 0
    except OSError as error:
        sys.stderr.write(f"tracker: {error.filename or 'standard output'}: {error.strerror or error}\n")
        status = 1
    # What is still buffered would be flushed at the end, and fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _ended(arguments: Sequence[str]) -> int:
    """The same as `_obey`; Typer exits by itself where it has told a shell what to offer."""
    try:
        return _obey(arguments)
    except SystemExit as end:
        if end.code:
            raise
        return 0


def _obey(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--version"]:
        # Scripts ask for it at every start: it is told before the commands are built.
        sys.stdout.write(f"tracker {__version__}\n")
        return 0
    # Each adds its commands to the application.
    from . import collecting, exporting, ingesting, querying, watching  # noqa: F401
    from .app import obey

    return obey(arguments)


def _steady_streams() -> None:
    """A console that lacks a character shows its number instead of ending the run; a closed stream takes anything."""
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = sys.stderr or _nowhere("w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere(mode: str) -> Any:
    """A stream that is open until the end and holds nothing."""
    return os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8", closefd=False)
