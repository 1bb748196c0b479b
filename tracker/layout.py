"""layouts/*.toml -> Layout. A layout is data: it says how one kind of block is printed; the folder is the registry.

Keys of a layout file (the id is the file's name):

    title      what it is, for people
    needle     a text that every page with this block holds; decides before anything is parsed
    begin      pattern of the line or lines right above the first row
    row        the row: a pattern with holes {rank} {name} {symbol} {price} {change_abs} {change_pct} {number} {word};
               {name?} may be missing; a blank stands for any white space, line breaks among it, or for none
    end        pattern of what follows the last row; without it the rows end where nothing fits any more
    skip       patterns of neighbour rows that are no coins
    sites      hosts it is known from, for people and for nobody else: the same widget is sold to many
    currency   what prices are in; asserted, so flagged, unless `printed` finds it on the page
    printed    pattern of a head that prints the currency: `현재가\\((원)\\)`
    zone       IANA time zone of printed times
    window     what changes are over: 24h, 1d, 5d, 7d
    unsigned   "rise": a change printed without a sign is a rise; absent: its sign is lost
    decimal    "," or "."; absent: the block's own figures decide
    [time]     stated, today, published: patterns with groups year, month, day, hour, minute, second
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .clock import TimeMarks
from .errors import LayoutError
from .values import CHANGE_HOLE, CODES, NUMBER_HOLE, PERCENT_HOLE, PRICE_HOLE

FOLDER = Path(__file__).parent / "layouts"

_TEXTS = frozenset(
    {"title", "needle", "begin", "row", "end", "currency", "printed", "zone", "window", "unsigned", "decimal"}
)
_LISTS = frozenset({"sites", "skip"})
_TIMES = ("stated", "today", "published")
_REQUIRED = ("title", "needle", "begin", "row")
_CHOICES = {"window": ("24h", "1d", "5d", "7d"), "unsigned": ("rise",), "decimal": (".", ",")}

_NAME = r"(?=[^\n|]{0,59}[^\W\d_])[^\n|]{1,60}?"
_HOLES = {
    "rank": r"(?P<rank>\d{1,4})",
    "name": rf"(?P<name>{_NAME})",
    "name?": rf"(?:(?P<name>{_NAME})\s*)??",
    "symbol": r"(?P<symbol>[A-Z0-9]{2,12})",
    "price": rf"(?P<price>{PRICE_HOLE})",
    "change_abs": rf"(?P<change_abs>{CHANGE_HOLE})",
    "change_pct": rf"(?P<change_pct>{PERCENT_HOLE})",
    "number": NUMBER_HOLE,
    "word": r"[^\n|]{1,60}?",
}
_BOUND = 40  # what an unbounded repeat of a layout's pattern may match at most


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to print a block; see the module's text for the fields."""

    id: str
    file: str
    title: str
    needle: str
    begin: re.Pattern[str]
    row: re.Pattern[str]
    end: re.Pattern[str] | None = None
    skip: tuple[re.Pattern[str], ...] = ()
    sites: tuple[str, ...] = ()
    currency: str | None = None
    printed: re.Pattern[str] | None = None
    zone: str | None = None
    window: str | None = None
    unsigned: str | None = None
    decimal: str | None = None
    marks: TimeMarks = field(default_factory=TimeMarks)


def load(folders: Iterable[Path] = ()) -> tuple[Layout, ...]:
    """The installed layouts and those of the user's folders, by id; a user's layout replaces one of the same id.

    Raises LayoutError naming file, key and what is allowed.
    """
    found = dict(_installed())
    for folder in folders:
        if not folder.is_dir():
            raise LayoutError(
                str(folder), "no such folder of layouts", "give a folder of .toml files to --layouts"
            )
        found.update(_folder(folder))
    return tuple(found[name] for name in sorted(found))


@cache
def _installed() -> dict[str, Layout]:
    return _folder(FOLDER)


def _folder(folder: Path) -> dict[str, Layout]:
    return {path.stem: read(path) for path in sorted(folder.glob("*.toml"))}


def read(path: Path) -> Layout:
    """One layout file. Raises LayoutError naming file, key and what is allowed."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LayoutError(str(path), error.strerror or str(error), "name a layout file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LayoutError(
            str(path), f"no TOML: {error}", "see the layouts that `tracker layouts` lists"
        ) from error
    return _layout(path, data)


def _layout(path: Path, data: dict[str, Any]) -> Layout:
    _check(path, data)
    compiled = {key: _pattern(path, key, data[key]) for key in ("begin", "end", "printed") if key in data}
    return Layout(
        id=path.stem, file=str(path), title=data["title"], needle=data["needle"], row=_row(path, data["row"]),
        skip=tuple(_pattern(path, "skip", text) for text in data.get("skip", ())),
        sites=tuple(data.get("sites", ())), currency=data.get("currency"), zone=data.get("zone"),
        window=data.get("window"), unsigned=data.get("unsigned"), decimal=data.get("decimal"),
        marks=_marks(path, data), **compiled,
    )  # fmt: skip


def _check(path: Path, data: dict[str, Any]) -> None:
    """Keys, types and choices."""
    allowed = ", ".join(sorted({*_TEXTS, *_LISTS, "time"}))
    for key, value in data.items():
        subject = f"{path}, key `{key}`"
        if key not in _TEXTS | _LISTS | {"time"}:
            raise LayoutError(subject, "no such key", f"allowed are {allowed}")
        wanted = str if key in _TEXTS else list if key in _LISTS else dict
        if not isinstance(value, wanted) or (wanted is list and not all(isinstance(v, str) for v in value)):
            raise LayoutError(
                subject, f"not a {'text' if wanted is str else wanted.__name__}", "see the other layouts"
            )
        if key in _CHOICES and value not in _CHOICES[key]:
            raise LayoutError(subject, f"`{value}` is not allowed", f"one of {', '.join(_CHOICES[key])}")
    for key in _REQUIRED:
        if not data.get(key):
            raise LayoutError(
                f"{path}, key `{key}`", "missing or empty", f"required are {', '.join(_REQUIRED)}"
            )
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", path.stem) or path.stem == "generic":
        raise LayoutError(
            str(path), "the file's name is the layout's id", "use small letters, digits and dashes"
        )
    if (code := data.get("currency")) and code not in CODES and not re.fullmatch(r"[A-Z]{3,5}", code):
        raise LayoutError(
            f"{path}, key `currency`", f"`{code}` is no code", "use ISO 4217, or a coin's symbol"
        )


def _marks(path: Path, data: dict[str, Any]) -> TimeMarks:
    times = data.get("time", {})
    for key, value in times.items():
        if key not in _TIMES or not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise LayoutError(
                f"{path}, key `time.{key}`", "no list of patterns", f"allowed are {', '.join(_TIMES)}"
            )
    zone = data.get("zone")
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise LayoutError(
                f"{path}, key `zone`", f"`{zone}` is no zone", "use an IANA name: Asia/Seoul"
            ) from error
    patterns = {
        key: tuple(_pattern(path, f"time.{key}", text) for text in times.get(key, ())) for key in _TIMES
    }
    return TimeMarks(zone=zone, **patterns)


def _row(path: Path, text: str) -> re.Pattern[str]:
    holes = re.findall(r"\{([a-z_]+\??)\}", text)
    if "price" not in holes or not {"name", "name?", "symbol"} & set(holes):
        raise LayoutError(
            f"{path}, key `row`", "a row needs {price} and {name} or {symbol}", "name them as holes"
        )
    return _pattern(path, "row", text)


def _pattern(path: Path, key: str, text: str) -> re.Pattern[str]:
    """A pattern with its holes filled; a blank stands for any white space or none."""
    filled = []
    for piece in re.split(r"(\{[a-z_]+\??\})", text):
        if not re.fullmatch(r"\{[a-z_]+\??\}", piece):
            filled.append(re.sub(" +", r"\\s*", _bounded(path, key, piece)))
        elif piece[1:-1] in _HOLES:
            filled.append(_HOLES[piece[1:-1]])
        else:
            raise LayoutError(f"{path}, key `{key}`", f"no hole {piece}", f"holes are {', '.join(_HOLES)}")
    return _compile(path, key, "".join(filled))


def _compile(path: Path, key: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.MULTILINE)
    except re.error as error:
        raise LayoutError(
            f"{path}, key `{key}`", f"no pattern: {error}", "see Python's re for the syntax"
        ) from error


def _bounded(path: Path, key: str, pattern: str) -> str:
    """The pattern with every `*`, `+` and `{n,}` bounded, so that no page can make it run away.

    A repeat of a group is refused: repeats inside repeats are what backtracks without end.
    """
    out: list[str] = []
    for atom in re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", pattern, re.DOTALL):
        repeats = atom in ("*", "+") or re.fullmatch(r"\{\d*,?\d*\}", atom)
        if repeats and out and out[-1] == ")":
            raise LayoutError(
                f"{path}, key `{key}`", f"`{atom}` repeats a group", "repeat single characters only"
            )
        if atom in ("*", "+"):
            atom = f"{{{int(atom == '+')},{_BOUND}}}"
        elif re.fullmatch(r"\{\d*,\}", atom):
            atom = f"{atom[:-1]}{_BOUND}}}"
        out.append(atom)
    if sum("," in atom for atom in out if atom.startswith("{")) > 6:
        raise LayoutError(f"{path}, key `{key}`", "more than six repeats", "say it with fewer")
    return "".join(out)
