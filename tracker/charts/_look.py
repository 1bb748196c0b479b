"""The options every kind of chart knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import pandas as pd

from ..errors import TrackerError
from ..language import DEFAULT, Language, language
from . import _style
from ._names import EPOCH
from ._time import days, zone


@dataclass(frozen=True)
class Look:
    """The options every kind of chart knows.

    tz        zone of all dates drawn: a name or a tzinfo
    theme     `light` or `dark`
    title     instead of the chart's own
    size      (width, height) in inches; the default is 1,200 x 700 pixels at the default dpi
    dpi       pixels per inch
    gap       the longest span a line may cross (`3d`, `36h`, a timedelta, days); None: the rule of `reach`
    fold      fold away empty spans of more than a year
    coins     symbols (else printed names) to draw, in this order; none: the chart's own choice, most observed first
    currency  draw prices in this currency only
    sites     sites in the order of their colours, so that several charts agree; the others follow by frequency
    by        `site`: a line for each of at most six sites, those of `sites` first, where there are so many that a coin
              would be one line, their median; `median`: that line however few sites there are
    bare      without title, unit, key and small print: for a page that says all this itself
    lang      language of every word, month and number, and of the colours of rise and fall: a file of language/
    """

    tz: tzinfo | str = "Asia/Seoul"
    theme: str = "light"
    title: str | None = None
    size: tuple[float, float] = (12.0, 7.0)
    dpi: float = 100.0
    gap: str | timedelta | float | None = None
    fold: bool = True
    coins: Sequence[str] | None = None
    currency: str | None = None
    sites: Sequence[str] = ()
    by: str | None = None
    bare: bool = False
    lang: str = DEFAULT

    def __post_init__(self) -> None:
        """Refuse at once what would fail half-way through a drawing."""
        self.zone, self.colours, self.longest_join  # noqa: B018
        if self.by not in (None, "site", "median"):
            raise TrackerError(f"by {self.by}", "is not known", "use site or median, or leave it out")
        width, height = self.size
        if not (2 <= width <= 100 and 0.8 <= height <= 100 and 20 <= self.dpi <= 1200):
            raise TrackerError(
                f"size {width:g}x{height:g} at {self.dpi:g} dpi",
                "cannot be drawn",
                "use inches, such as 12x7",
            )
        named = [self.coins] if isinstance(self.coins, str) else list(self.coins or ())
        object.__setattr__(self, "coins", named or None)

    @property
    def zone(self) -> tzinfo:
        return zone(self.tz)

    @property
    def words(self) -> Language:
        return language(self.lang)

    @property
    def colours(self) -> _style.Theme:
        return _style.theme(self.theme, self.words.colours["rise"], self.words.colours["fall"])

    @property
    def longest_join(self) -> float | None:
        """`gap` in days."""
        return None if self.gap is None else days(self.gap)

    def moment(self, value: str | datetime) -> float:
        """A time given as an option -> days; without an offset it is the look's zone's."""
        try:
            when = pd.Timestamp(value)
        except ValueError as error:
            raise TrackerError(
                f"time {value}", "is not a time", "write it like 2024-03-29 or 2024-03-29T09:00"
            ) from error
        when = when.tz_localize(self.zone) if when.tzinfo is None else when
        return float((when - EPOCH) / pd.Timedelta(days=1))
