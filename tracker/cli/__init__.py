"""The command line: each command reads like a table of contents. Data to standard output, all else to standard error.

app      the application, and what is said to people
options  what can be said to it
intake   ingest, inspect, layouts
looking  latest, history, coverage, check, forget
leaving  plot, export, report
table    rows for people and for programs
explain  a verdict in words
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from .. import __version__


def main() -> None:
    """The command `tracker`."""
    _steady_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit status. What can be foreseen ends in one line, never a traceback."""
    if list(arguments) == [
        "--version"
    ]:  # asked by scripts at every start: told before the commands are built
        sys.stdout.write(f"tracker {__version__}\n")
        return 0
    from . import intake, leaving, looking  # noqa: F401 - each adds its commands to the application
    from .app import obey

    return obey(arguments)


def _steady_streams() -> None:
    """A console that lacks a character shows its number instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
