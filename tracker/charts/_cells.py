"""Of a large table: the rows that stand for all in each step of time, and how far they are joined."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from . import _choice
from ._axis import span
from ._observed import Observed
from ._pen import LINE, Pen
from ._time import DAY_US, JOIN_FACTOR, LONGEST_JOIN
from ._working import PUBLISHED, Series, lined, number, reaches, reduced

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..language import Language
    from ..store.reduce import Wanted
    from ._time import Numbers


def ask_times(seen: Observed, ranking: Sequence[Series], most: int) -> None:
    """Of a large table go on with the first and last time of each day of the coins that may be drawn."""
    if seen.source is not None:
        seen.drawn(seen.source.days(_choice.choose(seen, ranking[:most], ranking, most).asking()))


def asked(seen: Observed, pen: Pen) -> tuple[Observed, Pen]:
    """Of a large table, unless medians of the sites are drawn: with the rows that stand for all in each step of time as
    wide as a point, with how far they are joined, and with the medians of lines that are crowded. Where every observation
    bears a mark, with all of them: they are few. Under medians with those that stand for what is off the market."""
    if seen.source is None:
        return seen, pen
    if pen.dots and number(seen.counted[seen.counted.off]) <= pen.points:
        return seen.copy().drawn(seen.source.observations(seen.asking())), pen
    found, shown = seen.copy(), span(reaches(seen.rows), pen.look.fold)
    width = max(1, round(sum(end - start for start, end in shown.sections) / pen.points * DAY_US))
    start = round(seen.times()[0] * DAY_US)
    if pen.step is not None:
        off = seen.counted.off.any()
        found.apart = (
            reduced(seen.source.lines(seen.asking(only_off=True), start, width), seen.words) if off else None
        )
        return found, pen
    wanted = seen.asking()
    found.drawn(seen.source.lines(wanted, start, width))
    _join(found, wanted._replace(lined=True))
    wanted = wanted._replace(lined=True, bounds=False)
    pen = dataclasses.replace(pen, cell=width / DAY_US)
    if any(
        pen.crowded(part)
        for _, part in lined(found.rows[found.rows.basis != PUBLISHED]).groupby(LINE, sort=False)
    ):
        medians = seen.source.medians(wanted, start, width, "price")
        pen = dataclasses.replace(pen, medians=reduced(medians, seen.words))
    return found, pen


def _join(seen: Observed, wanted: Wanted) -> None:
    """Put into the rows how far each is joined to its neighbours (reach: bounds with bounds alone), and how far those of
    the whole line are (reaches)."""
    assert seen.source is not None
    longest, rows = round(LONGEST_JOIN * DAY_US), seen.rows
    every = _reaches(seen.source.spaced(wanted, longest), rows, seen.words)
    seen.rows = rows = rows.assign(reach=every, reaches=every)
    bound = rows.basis == PUBLISHED
    if bound.any() and not bound.all():
        lines = set(rows[bound].place)
        sure = _reaches(seen.source.spaced(wanted._replace(bounds=False), longest), rows, seen.words)
        only = wanted._replace(only_bounds=True)
        unsure = _reaches(seen.source.spaced(only, longest), rows, seen.words)
        mixed = rows.place.isin(lines)
        seen.rows = rows.assign(reach=np.where(bound, unsure, np.where(mixed, sure, every)))


def _reaches(spaced: DataFrame, rows: DataFrame, words: Language) -> Numbers:
    """For each row the reach of its line, in days."""
    told = reduced(spaced.rename(columns={"reach": "last"}), words)
    known = dict(zip(zip(told.coin, told.money, told.place, strict=True), told["last"], strict=True))
    found = [
        min(LONGEST_JOIN, JOIN_FACTOR * known.get(line, LONGEST_JOIN))
        for line in zip(rows.coin, rows.money, rows.place, strict=True)
    ]
    return np.array(found, float)
