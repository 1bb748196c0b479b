"""layouts/*.toml -> Layout. A layout is data: it says how one kind of block is printed; the folder is the registry.

Keys of a layout file, whose name is the layout's id; patterns are those of pattern.py:

    title      what it is, for people
    needle     a text that every page with this block holds; decides before anything is parsed
    sites      hosts it is known from, for people: the same widget is sold to many; without a needle they decide
    begin      pattern of what stands right above the first row
    row        pattern of a row: {price} and one of {name}, {coin}, {symbol} at least
    end        pattern of what follows the last row; without it the rows end where nothing fits any more
    skip       patterns of neighbour rows that are no coins
    currency   what prices are in; asserted, so flagged, unless the page prints it
    printed    pattern of a head that prints the currency, caught as a group: `현재가\\((원)\\)`
    zone       IANA time zone of printed times
    window     what changes are over: 24h, 1d, 5d, 7d
    up, down   attributes that say a rise or a fall where the page is HTML and no sign is printed, one of them enough:
               `class~=rise` a word of it, `src*=arrow_up` a part, `data-dir=1` all of it; absent: what words say
    unsigned   what a change without a sign is: "rise", or "lost" where all signs were icons; absent: its sign is
               lost, but a printed zero stays zero
    decimal    "," or "."; absent: the block's own figures decide
    [time]     stated, today, published: patterns with groups year, month, day, hour, minute, second
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ..clock.ladder import TimeMarks
from ..errors import LayoutError, TimeError
from ..printed.figures import CODES
from ..printed.pattern import PatternError, fill
from ..printed.zones import zone_named

FOLDER = Path(__file__).parent

_TEXTS = (
    "title",
    "needle",
    "begin",
    "row",
    "end",
    "currency",
    "printed",
    "zone",
    "window",
    "unsigned",
    "decimal",
)
_LISTS = ("sites", "skip", "up", "down")
_TIMES = ("stated", "today", "published")
_REQUIRED = ("title", "begin", "row")
_CHOICES = {"window": ("24h", "1d", "5d", "7d"), "unsigned": ("rise", "lost"), "decimal": (".", ",")}


_SELECTOR = re.compile(r"([a-z][a-z-]*)(=|~=|\*=)(\S(?:.*\S)?)")


@dataclass(frozen=True, slots=True)
class Selector:
    """One attribute as CSS selects it: the whole value, a word of it, or a part."""

    name: str
    how: str
    value: str

    def fits(self, attributes: Mapping[str, str]) -> bool:
        said = attributes.get(self.name)
        if said is None:
            return False
        if self.how == "*=":
            return self.value in said
        return said == self.value if self.how == "=" else self.value in said.split()


@dataclass(frozen=True)
class Layout:
    """One way to print a block. Its patterns are compiled when a page first asks for them."""

    file: Path
    data: dict[str, Any]

    @property
    def id(self) -> str:
        """The file's name without its ending."""
        return self.file.stem

    @cached_property
    def installed(self) -> bool:
        """Part of the program, whose pages all name a well-known coin; a user's own layout may be of any."""
        return self.file.parent == FOLDER

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @cached_property
    def needle(self) -> str:
        """Empty for a layout that only its sites tell."""
        return str(self.data.get("needle", ""))

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(self.data.get("sites", ()))

    @property
    def currency(self) -> str | None:
        return self.data.get("currency")

    @property
    def window(self) -> str | None:
        return self.data.get("window")

    @property
    def unsigned(self) -> str | None:
        return self.data.get("unsigned")

    @property
    def decimal(self) -> str | None:
        return self.data.get("decimal")

    @property
    def zone(self) -> str | None:
        return self.data.get("zone")

    @cached_property
    def begin(self) -> re.Pattern[str]:
        return self._pattern("begin", self.data["begin"])

    @cached_property
    def end(self) -> re.Pattern[str] | None:
        return self._pattern("end", self.data["end"]) if "end" in self.data else None

    @cached_property
    def printed(self) -> re.Pattern[str] | None:
        return self._pattern("printed", self.data["printed"]) if "printed" in self.data else None

    @cached_property
    def skip(self) -> tuple[re.Pattern[str], ...]:
        return tuple(self._pattern("skip", text) for text in self.data.get("skip", ()))

    @property
    def directed(self) -> bool:
        """Whether it says itself which markup is a rise or a fall."""
        return bool(self._up or self._down)

    def direction(self, attributes: Mapping[str, str]) -> int:
        """+1 or -1 for an element whose attributes say a rise or a fall; 0 for neither, or both."""
        return any(one.fits(attributes) for one in self._up) - any(one.fits(attributes) for one in self._down)

    @cached_property
    def _up(self) -> tuple[Selector, ...]:
        return tuple(self._selector("up", text) for text in self.data.get("up", ()))

    @cached_property
    def _down(self) -> tuple[Selector, ...]:
        return tuple(self._selector("down", text) for text in self.data.get("down", ()))

    def _selector(self, key: str, text: str) -> Selector:
        match = _SELECTOR.fullmatch(text)
        if match is None:
            raise self._error(
                key, f"{text!r} is no attribute with `=`, `~=` or `*=` and a value", "class~=rise"
            )
        return Selector(*match.groups())

    @cached_property
    def row(self) -> re.Pattern[str]:
        """The row; groups rank, name, coin, symbol, price, change_abs, change_pct, sign, as far as printed."""
        pattern = self._pattern("row", self.data["row"])
        if "price" not in pattern.groupindex or not {"name", "symbol", "coin"} & set(pattern.groupindex):
            raise self._error("row", "a row needs {price} and {name}, {coin} or {symbol}", "see pattern.py")
        return pattern

    @cached_property
    def marks(self) -> TimeMarks:
        """What it says of printed times."""
        times = self.data.get("time", {})
        patterns = {key: tuple(self._pattern(f"time.{key}", t) for t in times.get(key, ())) for key in _TIMES}
        return TimeMarks(zone=self.zone, **patterns)

    def applies(self, text: str, site: str | None) -> bool:
        """Whether it is worth trying on a page: by its needle, else by the page's host or a host above it."""
        if self.needle:
            return self.needle in text
        return site is not None and any(site == host or site.endswith(f".{host}") for host in self.sites)

    def check(self) -> Layout:
        """Itself, if every key and pattern is right. Raises LayoutError naming file, key and what is allowed."""
        _check_keys(self)
        _check_values(self)
        _ = (self.begin, self.end, self.printed, self.skip, self.row, self.marks, self._up, self._down)
        if self.printed and self.printed.groups < 1:
            raise self._error(
                "printed", "catches no currency", "put its place in brackets: `현재가\\((원)\\)`"
            )
        return self

    def _pattern(self, key: str, text: str) -> re.Pattern[str]:
        try:
            return fill(text)
        except PatternError as error:
            raise self._error(key, *error.args) from error

    def _error(self, key: str, reason: str, remedy: str) -> LayoutError:
        return LayoutError(f"{self.file}, key `{key}`", reason, remedy)


def load(folders: Iterable[Path] = ()) -> tuple[Layout, ...]:
    """The installed layouts and those of the user's folders, by id; a user's layout replaces one of the same id.

    Raises LayoutError naming file, key and what is allowed, for the user's; the installed ones are tested.
    """
    found = dict(_installed())
    for folder in folders:
        if not folder.is_dir():
            raise LayoutError(str(folder), "no such folder of layouts", "give a folder of .toml files")
        found.update((path.stem, read(path)) for path in sorted(folder.glob("*.toml")))
    return tuple(found[name] for name in sorted(found))


@cache
def _installed() -> dict[str, Layout]:
    return {path.stem: Layout(path, _data(path)) for path in sorted(FOLDER.glob("*.toml"))}


def read(path: Path) -> Layout:
    """One layout file, checked. Raises LayoutError naming file, key and what is allowed."""
    return Layout(path, _data(path)).check()


def _data(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LayoutError(str(path), error.strerror or str(error), "name a layout file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LayoutError(
            str(path), f"no TOML: {error}", "`tracker layouts` lists some to learn from"
        ) from error


def _check_keys(layout: Layout) -> None:
    """Every key is known and of its type, every required one is there."""
    allowed = ", ".join(sorted({*_TEXTS, *_LISTS, "time"}))
    for key, value in layout.data.items():
        if key not in (*_TEXTS, *_LISTS, "time"):
            raise layout._error(key, "no such key", f"allowed are {allowed}")
        if key in _TEXTS and not isinstance(value, str):
            raise layout._error(key, "not a text", f'write `{key} = "…"`')
        if key in _LISTS and not _texts(value):
            raise layout._error(key, "not a list of texts", f'write `{key} = ["…"]`')
    for key in _REQUIRED:
        if not layout.data.get(key):
            raise layout._error(key, "missing or empty", f"required are {', '.join(_REQUIRED)}")
    if not layout.needle and not layout.sites:
        raise layout._error("needle", "missing, and no sites either", "one of the two must tell the page")
    times = layout.data.get("time", {})
    if not isinstance(times, dict):
        raise layout._error("time", "not a table", "write `[time]`")
    for key, value in times.items():
        if key not in _TIMES or not _texts(value):
            raise layout._error(f"time.{key}", "no list of patterns", f"allowed are {', '.join(_TIMES)}")


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _check_values(layout: Layout) -> None:
    """Choices, codes, the zone and the id."""
    for key, choices in _CHOICES.items():
        if key in layout.data and layout.data[key] not in choices:
            raise layout._error(key, f"`{layout.data[key]}` is not allowed", f"one of {', '.join(choices)}")
    code = layout.currency
    if code and code not in CODES and not re.fullmatch(r"[A-Z]{3,5}", code):
        raise layout._error("currency", f"`{code}` is no code", "use ISO 4217, or a coin's symbol")
    if layout.zone is not None:
        try:
            zone_named(layout.zone)
        except TimeError as error:
            raise layout._error(
                "zone", f"`{layout.zone}` is no zone", "use an IANA name: Asia/Seoul"
            ) from error
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", layout.id) or layout.id == "generic":
        raise LayoutError(
            str(layout.file), "its name is no layout's id", "use small letters, digits and dashes"
        )
