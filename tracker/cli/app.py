"""The Typer application, what every command understands, how errors end, and what is said to people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import __version__
from ..errors import (
    AtlasError,
    CoinsError,
    LayoutError,
    SettingsError,
    SitesError,
    Skipped,
    TimeError,
    TrackerError,
)
from . import options as o
from .plain import GROUPS, Command, Commands
from .table import printable

if TYPE_CHECKING:
    from ..store import Store

DONE, FAILED, MISUSED, STOPPED = 0, 1, 2, 130
FIRED, HALTED = 3, 4  # an alert fired; a host said stop

app = typer.Typer(
    cls=Commands, add_completion=True, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Crypto price blocks out of collected web pages, into a tidy table of timestamped snapshots.",
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
)  # fmt: skip
reading, command, keeping = (app.command(cls=Command, rich_help_panel=group) for group in GROUPS)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tracker {__version__}")
        raise typer.Exit


@app.callback()
def shared(
    store: o.Store = None, wait: o.Wait = None, format: o.Format = None, tz: o.Zone = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version, help="the version")] = False,
) -> None:  # fmt: skip
    """Options that every command understands, here or after its name."""


def obey(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; returns the exit status."""
    try:
        status = _reader(arguments[0] if arguments else "")(list(arguments), "tracker", standalone_mode=False)
    except typer.TyperException as error:
        return _misused(error)
    except TrackerError as error:
        say(error)
        return (
            MISUSED
            if isinstance(
                error, TimeError | LayoutError | CoinsError | AtlasError | SettingsError | SitesError
            )
            else FAILED
        )
    if status == STOPPED:
        say("stopped; what was stored is kept: give the same command again to go on")
    return int(status or DONE)


def _reader(first: str) -> Callable[..., Any]:
    """What reads the arguments: built for the command that comes first alone, where one does. For all of them Typer needs
    longer than most answers do."""
    known = {info.callback.__name__ for info in app.registered_commands if info.callback}
    return _built(first if first in known else None)


@cache
def _built(command: str | None) -> Callable[..., Any]:
    built = copy(app)
    built.registered_commands = [
        info
        for info in app.registered_commands
        if command in (None, info.callback and info.callback.__name__)
    ]
    return typer.main.get_command(built)


def _misused(error: typer.TyperException) -> int:
    """A usage error in one line, or the help that was asked for by giving no arguments."""
    reason = error.format_message()
    if reason.startswith("Usage:"):
        typer.echo(reason, err=True)
    else:
        where = getattr(getattr(error, "ctx", None), "command_path", "tracker")
        say(f"{' '.join(reason.split()).rstrip('.')}; see `{where} --help`")
    return error.exit_code


def say(line: object) -> None:
    """One line to standard error."""
    text = told(line) if isinstance(line, TrackerError) else str(line)
    typer.echo(f"tracker: {printable(text)}", err=True)


def told(error: TrackerError) -> str:
    """An error's line; where a file is not there, with the name beside it that is most like it."""
    path = Path(error.subject.partition("#")[0])
    if (
        isinstance(error, Skipped | TimeError | SettingsError | SitesError)
        or not path.parent.is_dir()
        or path.exists()
    ):
        return str(error)
    near = get_close_matches(path.name, (beside.name for beside in path.parent.iterdir()), 1, 0.7)
    return f"{error}; did you mean {path.with_name(near[0])}?" if near else str(error)


def counted(number: int, noun: str) -> str:
    """`1 quote`, `2,000 quotes`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def opened(path: str | None, wait: float | None, tell: Callable[[object], None] = say) -> Store:
    """The store that the options name; a wait for it is told."""
    from ..store import Store

    return Store(str(path), wait=float(wait or 0), on_wait=tell)
