"""The file of sites to watch: TOML, checked whole before anything is asked for.

interval = "10m"                      # of sites that say none
layout = "etoday-list"                # optional, likewise
alerts = ["any change_pct > 20"]      # about every site

[[site]]
url = "https://www.etoday.co.kr/news/"
interval = "5m"
alerts = ["BTC change_pct < -5", "silent 2h"]      # about this site, if they name none
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ..coins.registry import Coins
from ..errors import LayoutError, SitesError
from ..layouts.layout import Layout
from ..model import site_of
from . import spans
from .judge import reaches
from .rule import Rule, Silence, parse

INTERVAL = timedelta(minutes=10)
SHORTEST = timedelta(seconds=1)
SHARED = ("interval", "layout", "alerts", "site")
OWN = ("url", "interval", "layout", "alerts")

Find = Callable[[str], tuple[Layout, ...]]


@dataclass(frozen=True, slots=True)
class Site:
    """An address to watch.

    interval  between two visits
    layouts   those to try; None: the installed ones, and the user's
    """

    url: str
    interval: timedelta
    layouts: tuple[Layout, ...] | None = None

    @property
    def host(self) -> str:
        """As Page.site."""
        return site_of(self.url) or ""


@dataclass(frozen=True, slots=True)
class Sites:
    """What a file says: the sites in its order, and every rule once."""

    sites: tuple[Site, ...]
    rules: tuple[Rule, ...]


def read(path: str | os.PathLike[str], coins: Coins, layout: Find) -> Sites:
    """The file, checked. SitesError names the file, the key and what is allowed.

    coins   what rules may name
    layout  finds a layout by its id, or by a file beside this one; LayoutError where there is none
    """
    file = Path(path)
    try:
        values = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise SitesError(
            str(path), f"cannot be read: {str(error.strerror).lower()}", "name a file of sites: TOML"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SitesError(
            str(path), f"no TOML: {error}", 'a site is [[site]], below it url = "https://…"'
        ) from error
    return _File(file, coins, layout).sites(values)


class _File:
    """A file under examination."""

    def __init__(self, path: Path, coins: Coins, layout: Find) -> None:
        self.path, self.coins, self.layout = path, coins, layout

    def sites(self, values: dict[str, Any]) -> Sites:
        self._keys(values, SHARED, "")
        tables = values.get("site")
        if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
            self._wrong(
                "site",
                "there is none" if not tables else "is no list of tables",
                'write [[site]], below it url = "https://…"',
            )
        sites = tuple(self._site(table, values, nth) for nth, table in enumerate(tables, 1))
        self._once([site.url for site in sites])
        rules = [*self._rules(values, "alerts", None)]
        for nth, (site, table) in enumerate(zip(sites, tables, strict=True), 1):
            rules += self._rules(table, f"site {nth}: alerts", site.host)
        for rule in rules:
            self._heard(rule, sites)
        return Sites(sites, tuple({rule.text: rule for rule in rules}.values()))

    def _site(self, table: dict[str, Any], shared: dict[str, Any], nth: int) -> Site:
        where = f"site {nth}: "
        self._keys(table, OWN, where)
        url = table.get("url")
        if url is None:
            self._wrong(f"{where}url", "is missing", 'write one such as url = "https://www.etoday.co.kr/"')
        if not isinstance(url, str) or not _is_address(url):
            self._wrong(f"{where}url", f"is {url!r}", "write an address that begins with https:// or http://")
        return Site(url, self._interval(*_said("interval", table, shared, where)),
                    self._layout(*_said("layout", table, shared, where)))  # fmt: skip

    def _interval(self, given: Any, where: str) -> timedelta:
        if given is None:
            return INTERVAL
        span = spans.parsed(given) if isinstance(given, str) else None
        if span is None or span < SHORTEST:
            self._wrong(where, f"is {given!r}", f"{spans.WRITE}, in quotes")
        return span

    def _layout(self, given: Any, where: str) -> tuple[Layout, ...] | None:
        if given is None:
            return None
        if not isinstance(given, str):
            self._wrong(where, f"is {given!r}", "write the id of a layout, or its file, in quotes")
        beside = self.path.parent / Path(given).expanduser()
        try:
            return self.layout(str(beside) if beside.is_file() else given)
        except LayoutError as error:
            raise SitesError(str(self.path), f"{where}: {error}") from error

    def _rules(self, table: dict[str, Any], where: str, site: str | None) -> Sequence[Rule]:
        texts = table.get("alerts", [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self._wrong(where, f"is {texts!r}", 'write a list of rules: ["BTC change_pct < -5"]')
        return [parse(text, self.coins, f"{self.path}: {where}", site) for text in texts]

    def _heard(self, rule: Rule, sites: Sequence[Site]) -> None:
        """A rule on a site that is not watched would never fire, and one on a shorter silence than its interval always."""
        mine = [site for site in sites if reaches(rule, site.host)]
        if not mine:
            self._wrong(
                "alerts",
                f"{rule.text!r} names a site that is not watched",
                f"there are {', '.join(dict.fromkeys(site.host for site in sites))}",
            )
        if isinstance(rule, Silence) and rule.span <= (interval := min(site.interval for site in mine)):
            self._wrong(
                "alerts",
                f"{rule.text!r} is no longer than the interval, {spans.spelled(interval)}",
                "wait longer, or look more often",
            )

    def _keys(self, table: dict[str, Any], known: Sequence[str], where: str) -> None:
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, 1)
                self._wrong(
                    f"{where}{key}",
                    "is no key",
                    f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}",
                )

    def _once(self, urls: Sequence[str]) -> None:
        for nth, url in enumerate(urls):
            if url in urls[:nth]:
                self._wrong(f"site {nth + 1}: url", f"{url} stands twice", "leave one of them")

    def _wrong(self, key: str, reason: str, allowed: str) -> NoReturn:
        raise SitesError(f"{self.path}: {key}", reason, allowed)


def _said(key: str, own: dict[str, Any], shared: dict[str, Any], where: str) -> tuple[Any, str]:
    """What a site says, else what all of them do; and where that stands."""
    return (own[key], f"{where}{key}") if key in own else (shared.get(key), key)


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https") and site_of(url) is not None and url.isprintable()
    except ValueError:
        return False
