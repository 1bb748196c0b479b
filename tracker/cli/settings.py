"""What one always says, said once: `TRACKER_…` in the environment, and tracker.toml.

The command line wins, then the environment, then the tracker.toml of the working folder, then that of the user's
configuration folder. A key is the long name of its option; a path in a file is meant from that file's folder.
"""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import typer

from ..errors import SettingsError

FILE = "tracker.toml"
DEFAULT = "default"
# key: what it holds, its default, what it is for
KEYS: dict[str, tuple[type, Any, str]] = {
    "store": (str, "data/tracker.duckdb", "the store"),
    "tz": (str, "Asia/Seoul", "zone of times"),
    "lang": (str, None, "language of charts and reports"),
    "layouts": (list, [], "folders of your own layouts"),
    "coins": (str, None, "a list of your own coins"),
    "atlas": (str, None, "a table of your own of what coins cost"),
    "jobs": (int, None, "processes to work with"),
    "contact": (str, None, "who collects, for the sites that are asked"),
}
PATHS = ("store", "layouts", "coins", "atlas")


class Setting(NamedTuple):
    """A value, and where it came from: a variable, a file, or the default."""

    value: Any
    source: str

    @property
    def said(self) -> bool:
        """Did anybody choose it?"""
        return self.source != DEFAULT


def setting(key: str) -> Setting:
    """What holds for a key where the command line says nothing. SettingsError for a file that cannot be used."""
    kind, default, _ = KEYS[key]
    variable = f"TRACKER_{key.upper()}"
    if given := os.environ.get(variable):
        return Setting(_from_text(given, kind, variable), variable)
    for path in files():
        values = _read(path, path.stat().st_mtime_ns)
        if key in values:
            return Setting(values[key], str(path))
    return Setting(default, DEFAULT)


def files() -> list[Path]:
    """The files there are, the one that wins first."""
    folders = (Path(), Path(typer.get_app_dir("tracker")))
    return [folder / FILE for folder in folders if (folder / FILE).is_file()]


def _from_text(text: str, kind: type, variable: str) -> Any:
    if kind is list:
        return [part for part in text.split(os.pathsep) if part]
    if kind is int and not text.isdecimal():
        raise SettingsError(variable, f"{text!r} is not a whole number", "write one, such as 4")
    return int(text) if kind is int else text


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    """A file's values, checked; paths from its folder on. SettingsError says what is wrong and where."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(str(path), f"cannot be read: {str(error.strerror).lower()}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            str(path), f"no TOML: {error}", 'a setting is a line such as tz = "Asia/Seoul"'
        ) from error
    return {key: _checked(path, key, value) for key, value in values.items()}


def _checked(path: Path, key: str, value: Any) -> Any:
    if key not in KEYS:
        near = get_close_matches(key, KEYS, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(KEYS)}"
        raise SettingsError(str(path), f"there is no setting {key!r}", meant)
    kind = KEYS[key][0]
    if kind is list and isinstance(value, str):
        value = [value]
    parts: list[Any] = value if isinstance(value, list) else [value]
    if (
        not isinstance(value, kind)
        or isinstance(value, bool)
        or (kind is list and set(map(type, parts)) - {str})
    ):
        wanted = {str: "a text", int: "a whole number", list: "a list of texts"}[kind]
        raise SettingsError(str(path), f"{key} is {value!r}", f"make it {wanted}")
    if key not in PATHS:
        return value
    return [_placed(path, part) for part in parts] if kind is list else _placed(path, parts[0])


def _placed(path: Path, text: str) -> str:
    """`~` is the user's home; other paths begin at the file's folder; an address is none."""
    return text if "://" in text else str(path.parent / Path(text).expanduser())
