"""What has been collected: sites by time, how many snapshots, and on what evidence their time rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import _key, _text
from ._axis import Span, span
from ._band import SPANS
from ._canvas import Canvas
from ._foot import small_print
from ._frame import LEAST_ALONE, Needs, Words
from ._key import Entry
from ._look import Look
from ._names import natural, ranked
from ._observed import Observed
from ._time import DAY_US, middles, offsets, steps_of
from ._working import BASES, PUBLISHED, number, reduced

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from ._style import Theme, Type

MOST = 24  # sites with a lane of their own
CELLS = 2000  # steps of time in which the snapshots of a large table are counted, at most; days however many
BAR = 5.0  # points that a step is wide at least
LANE = 0.72  # of a lane is bar at its highest
LINES = 1.5, 2.4  # lines of type that a lane is high at least: of its name, of the two beside it
NAMES = 0.3  # of the width, at most
DATED = tuple(basis for basis in BASES if basis != "none")
STRENGTH = {
    "given": 0,
    "given-day": 0,
    "stated": 1,
    "capture": 2,
    "stated-day": 3,
    "priced": 3,
}  # of the theme's evidence
Bars = dict[tuple[int, float], dict[str, int]]  # (lane, middle of the step) -> snapshots by time basis


@dataclass(frozen=True)
class Lanes:
    """The rows of the chart: its sites from the top, perhaps all others as one; of each what is said beside it.

    snapshots  one row each, with the column lane; highest: snapshots in the highest bar of the sites that are named
    """

    snapshots: DataFrame
    names: list[str]
    said: list[str]
    bars: Bars
    step: str
    shown: Span | None
    highest: int


def draw(seen: Observed, look: Look, ax: Axes | None = None) -> Axes | Figure:
    """A lane a site, a bar for each step of time in which it has snapshots: its height says how many, on one scale for
    all, its fill on what evidence the time rests. Undated snapshots are a number beside the lane. Of more sites than
    there is room for the largest have lanes, in natural order, and the others one together, on a scale of its own."""
    rows = seen.printed().some("coverage")
    snapshots = _snapshots(rows) if seen.source is None else _ask(seen, look)
    canvas, sites = Canvas(look, ax), ranked(snapshots.place, snapshots.n)
    for most in canvas.counts(len(sites), MOST, lambda n: Needs(least=(90.0, n * _lane(canvas.type)))):
        lanes = _lanes(snapshots, sites, most, look, canvas)
        words, needs, key = _around(seen, lanes, look, canvas)
        if canvas.room(words, needs):
            break
    canvas.open(words, needs, key)
    if lanes.shown is not None:
        _draw_bars(canvas, lanes)
        canvas.dates(0, lanes.shown)
    else:
        canvas.axes[0].set_xticks([])
    _name_lanes(canvas, lanes)
    return canvas.finish()


def _snapshots(rows: DataFrame) -> DataFrame:
    """A row a snapshot, with how many coins it has; n is 1."""
    counts = rows.groupby("snapshot_id").size()
    return rows.groupby("snapshot_id", sort=False).first().assign(coins=counts, n=1)


def _ask(seen: Observed, look: Look) -> DataFrame:
    """Of a large table two rows for each site, basis and step of time: its first snapshot, for all `n`, and its last."""
    assert seen.source is not None
    counted = seen.counted
    first, last = float(counted.when.min()), float(counted["last"].max())
    fine = [name for name in ("hour", "3 hours", "quarter") if (last - first) / SPANS[name] <= CELLS]
    unit = SPANS[fine[0] if fine else "day"] * DAY_US
    ahead = offsets(first, first, look.zone)[0][1] if first == first else 0
    cells = reduced(seen.source.covered(seen.asking(), ahead, round(unit)), look.words)
    ends = cells[cells["last"] > cells.when]
    both = pd.concat([cells, ends.assign(when=ends["last"], n=0)])
    return both.sort_values("when", kind="stable", ignore_index=True)


def _lanes(snapshots: DataFrame, sites: list[str], most: int, look: Look, canvas: Canvas) -> Lanes:
    """The lanes where `most` sites have one of their own; one fewer, if the others need one together."""
    kept = sites if len(sites) <= most else sites[: most - 1]
    order = sorted(kept, key=natural)
    lane = {site: place for place, site in enumerate(order)}
    mine = snapshots.assign(lane=[lane.get(site, len(order)) for site in snapshots.place])
    dated = mine[mine.when.notna()]
    shown, step, bars = None, "day", Bars()
    if len(dated):
        shown = span(dated.when.to_numpy(), look.fold)
        length = sum(end - start for start, end in shown.sections)
        points = canvas.points(Needs(left=0.2 * canvas.width, right=0.2 * canvas.width))
        step = next((name for name, width in SPANS.items() if length / width * BAR <= points), "year")
        bars = _stacks(dated, SPANS[step], look)
        roomy = tuple((start - SPANS[step], end + SPANS[step]) for start, end in shown.sections)
        shown = Span(roomy, shown.fold, shown.silences)
    sums = {at: sum(counts.values()) for at, counts in bars.items()}
    highest = max((n for (place, _), n in sums.items() if place < len(order)), default=0)
    rest = max((n for (place, _), n in sums.items() if place == len(order)), default=0)
    others = len(sites) - len(kept)
    names = [*order, *([look.words("coverage rest", n=others)] if others else [])]
    said = _said(mine, len(order), len(names), rest, look)
    return Lanes(mine, names, said, bars, step, shown, highest or rest)


def _said(snapshots: DataFrame, named: int, lanes: int, rest: int, look: Look) -> list[str]:
    """What stands beside each lane: how many snapshots, undated ones, and the scale of the others' lane."""
    words, said = look.words, []
    for lane in range(lanes):
        mine = snapshots[snapshots.lane == lane]
        coins = words("coins", n=int(mine.coins.max()))
        parts = [words("coverage lane", snapshots=words("snapshots", n=number(mine)), coins=coins)]
        undated = number(mine[mine.when.isna()])
        parts += [words("undated", n=undated)] if undated else []
        parts += [words("coverage own scale", highest=rest)] if lane == named and rest else []
        said.append(", ".join(parts))
    return said


def _stacks(dated: DataFrame, width: float, look: Look) -> Bars:
    """How many snapshots of each basis each lane has in each step."""
    steps = steps_of(dated.when.to_numpy(), width, look.zone)
    places = middles(steps, dated.when.to_numpy(), width, look.zone)
    sizes = dated.assign(middle=places).groupby(["lane", "middle", "basis"]).n.sum()
    bars: Bars = {}
    for (lane, middle, basis), count in zip(sizes.index.to_list(), sizes.to_list(), strict=True):
        bars.setdefault((lane, middle), {})[basis] = count
    return bars


def _around(seen: Observed, lanes: Lanes, look: Look, canvas: Canvas) -> tuple[Words, Needs, list[Entry]]:
    """What is written around the lanes, and the room they need."""
    words, size, snapshots = look.words, canvas.type, lanes.snapshots
    count, sites = (
        words(key, n=n) for key, n in (("snapshots", number(snapshots)), ("sites", snapshots.place.nunique()))
    )
    step = words(f"step {lanes.step}")
    unit = words("coverage unit", step=step, highest=lanes.highest) if lanes.bars else ""
    key = _keyed(snapshots[snapshots.when.notna()], look)
    names = [_text.cut(_text.plain(name, 40), size.body, NAMES * canvas.width) for name in lanes.names]
    needs = Needs(
        dates=2 if lanes.shown else 0, left=max(_text.wide(name, size.body) for name in names) + 5,
        right=max(_text.wide(line, size.small) for text in lanes.said for line in _beside(text, canvas)) + 8,
        least=(LEAST_ALONE[0] * 0.8, max(LEAST_ALONE[1] * 0.6, len(lanes.names) * _lane(size))),
    )  # fmt: skip
    told = Words(
        words("coverage title", snapshots=count, sites=sites), unit, tuple(entry.label for entry in key),
        small_print(seen, look, 6 if canvas.width > 400 else 3),
    )  # fmt: skip
    return told, needs, key


def _lane(size: Type) -> float:
    """How high a lane is at least, in points."""
    return max(LINES[0] * size.body, LINES[1] * size.small)


def _beside(text: str, canvas: Canvas) -> list[str]:
    """What stands beside a lane, in two lines at most."""
    return _text.shortened(
        _text.wrapped(text, canvas.type.small, 0.22 * canvas.width), 2, canvas.type.small, 999
    )


def _draw_bars(canvas: Canvas, lanes: Lanes) -> None:
    """Bars stand on their lane's line, the strongest evidence lowest; lanes go down the axis."""
    ax, width, bars = canvas.axes[0], SPANS[lanes.step], lanes.bars
    named = len(lanes.names) - (lanes.snapshots.place.nunique() > len(lanes.names) or _rest(lanes))
    own = max((sum(counts.values()) for (lane, _), counts in bars.items() if lane >= named), default=1)
    for place, basis in enumerate(DATED):
        mine = [(lane, x, counts) for (lane, x), counts in bars.items() if basis in counts]
        if mine:
            below = [sum(counts.get(b, 0) for b in DATED[:place]) for _, _, counts in mine]
            scales = [LANE / (lanes.highest if lane < named else own) for lane, _, _ in mine]
            bottoms = [-lane + scale * b for (lane, _, _), scale, b in zip(mine, scales, below, strict=True)]
            heights = [scale * counts[basis] for (_, _, counts), scale in zip(mine, scales, strict=True)]
            places = [x for _, x, _ in mine]
            ax.bar(
                places,
                heights,
                0.86 * width,
                bottom=bottoms,
                label=basis,
                zorder=3,
                **_fill(basis, canvas.look.colours),
            )


def _rest(lanes: Lanes) -> bool:
    """Whether the last lane stands for several sites."""
    last = lanes.snapshots[lanes.snapshots.lane == len(lanes.names) - 1]
    return bool(last.place.nunique() > 1)


def _fill(basis: str, theme: Theme) -> dict[str, Any]:
    """The stronger the evidence the darker (on a light ground); a published time is an empty, hatched bar."""
    if basis == PUBLISHED:
        return {"facecolor": theme.ground, "edgecolor": theme.evidence[1], "hatch": "////", "linewidth": 0.8}
    return {"facecolor": theme.evidence[STRENGTH[basis]], "edgecolor": theme.muted, "linewidth": 0.3}


def _name_lanes(canvas: Canvas, lanes: Lanes) -> None:
    """Sites on the left, what is said of them on the right."""
    ax, theme, size = canvas.axes[0], canvas.look.colours, canvas.type
    names = [_text.cut(_text.plain(name, 40), size.body, NAMES * canvas.width) for name in lanes.names]
    places = [-lane for lane in range(len(names))]
    ax.set_yticks(places, list(map(_text.escaped, names)), va="bottom", **_text.font(size.body, theme.ink))
    ax.set_ylim(-len(names) + 0.85, 1)
    for lane, text in enumerate(lanes.said):
        ax.text(
            1.0, -lane, _text.escaped("\n".join(_beside(text, canvas))), va="bottom", linespacing=1.05,
            transform=ax.get_yaxis_transform() + canvas.points_right(6), **_text.font(size.small, theme.muted),
        )  # fmt: skip


def _keyed(dated: DataFrame, look: Look) -> list[Entry]:
    words, colours = look.words, look.colours
    return [_key.box(words(f"basis {b}"), **_fill(b, colours)) for b in DATED if (dated.basis == b).any()]
