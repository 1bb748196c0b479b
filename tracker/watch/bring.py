"""Live pages brought for a watch: one client, and the WARC files of each site, open from the first visit to the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Self

from ..collect.keep import Keep
from ..collect.live import Answer, Live
from ..collect.pace import Pace
from ..collect.target import site_of
from ..errors import OutputError, Refused
from ..pages import Limits
from . import spans

LIMITS = Limits(whole=60)  # seconds: a page of prices that takes longer is of no use
LONGEST = 60.0  # seconds that all sites wait for one


def _rest(seconds: float) -> None:
    """A pause between two requests; a host that wants a longer one is left to its next visit."""
    if seconds > LONGEST:
        rest = spans.spelled(timedelta(seconds=seconds))
        raise Refused("this host", f"wants no request for another {rest}", "it is asked again then")
    time.sleep(seconds)


class Bringer:
    """Asks addresses and keeps what they give; `with` closes all files.

    folder   of the sites' folders
    robots   obey robots.txt
    contact  who collects: part of the User-Agent
    say      is told what was amiss with files
    """

    def __init__(
        self, folder: Path, *, robots: bool = True, contact: str | None = None,
        say: Callable[[str], object] = lambda line: None,
    ) -> None:  # fmt: skip
        self.folder, self.contact, self.say = folder, contact, say
        # A watch has its own pace of trying again, and the other sites wait meanwhile.
        self._live = Live(Pace(sleep=_rest), robots=robots, contact=contact, limits=LIMITS, tries=1)
        self._keeps: dict[Path, Keep] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as closing:
            closing.callback(self._live.close)
            for keep in self._keeps.values():
                closing.callback(keep.close)

    def kept(self, url: str) -> Path:
        """The folder that the pages of an address are kept in, its files whole. OutputError."""
        return self._keep(url).folder

    def bring(self, url: str) -> Answer:
        """Ask an address. Raises Refused where the site wants no more, OutputError where nothing can be kept."""
        keep = self._keep(url)
        try:
            return self._live.fetch(url, keep)
        except OutputError:
            self._keeps.pop(keep.folder).close()  # it is opened anew at the next visit
            raise

    def _keep(self, url: str) -> Keep:
        folder = self.folder / site_of(url)
        if folder not in self._keeps:
            self._keeps[folder] = Keep(folder, contact=self.contact, about="tracker watch", on_say=self.say)
        return self._keeps[folder]
