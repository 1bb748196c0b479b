"""The fit: weights of all families, the threshold by leaving out one family at a time, and the table that says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tracker.coins import registry
from tracker.finder import weights

from . import prior
from .examples import Example, examples
from .logistic import Data, data, fit
from .pages import every

FALSE = 0.01  # of the values given, at most

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a run came to under some weights: its best way's weight, the values it would give, and those it could."""

    family: str
    weight: float
    right: int
    false: int
    possible: int


@dataclass(frozen=True)
class Fitted:
    """Weights and threshold, and the decisions of runs whose family they were fitted without."""

    weights: Weights
    taken: float
    decisions: tuple[Decision, ...]


@cache
def learned() -> tuple[tuple[Example, ...], Data]:
    """Every run of every labelled page, and the same as a matrix."""
    coins = registry.load()
    found = tuple(one for sample in every() for one in examples(sample, coins))
    return found, data(found, list(weights.WEIGHTS))


def start() -> dict[str, float]:
    """The weights towards which is shrunk: set by hand, of evidence newer than those as the finder has it."""
    return {**weights.WEIGHTS, **{n: w for n, w in prior.WEIGHTS.items() if n in weights.WEIGHTS}}


@cache
def fitted() -> Fitted:
    """The fit of all families; its threshold is chosen on runs of families that the weights were fitted without."""
    found, of = learned()
    by_family = defaultdict(list)
    for one in found:
        by_family[one.family].append(one)
    decisions = tuple(
        decision
        for family, runs in sorted(by_family.items())
        for decision in decide(runs, rounded(fit(of, start(), prior.TAKEN, family)))
    )
    return Fitted(rounded(fit(of, start(), prior.TAKEN)), threshold(decisions), decisions)


@cache
def without(family: str) -> tuple[Weights, float]:
    """Weights and threshold of all families but one."""
    _, of = learned()
    kept = [one for one in fitted().decisions if one.family != family]
    return rounded(fit(of, start(), prior.TAKEN, family)), threshold(kept)


def rounded(exact: Weights) -> dict[str, float]:
    """To tenths: finer ones say nothing that these pages could."""
    return {name: round(weight, 1) for name, weight in exact.items()}


def decide(runs: Iterable[Example], by: Weights) -> Iterable[Decision]:
    """A decision a run. Of a right way all values count as right: rows that an accident broke are not decided here."""
    for one in runs:
        weight, _, best = max((sum(by[n] for n in way.evidence), -i, way) for i, way in enumerate(one.ways))
        possible = max(way.right + way.false * way.label for way in one.ways)
        right, false = (best.right + best.false, 0) if best.label else (best.right, best.false)
        yield Decision(one.family, round(weight, 1), right, false, possible)


def threshold(decisions: Sequence[Decision]) -> float:
    """The lowest weight from which on at most 1 % of the values given are false, half way to the next that is not taken."""
    right = false = 0
    best = below = float("inf")
    levels: dict[float, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in decisions:
        levels[one.weight] = levels[one.weight][0] + one.right, levels[one.weight][1] + one.false
    for weight in sorted(levels, reverse=True):
        if below == float("inf") and best < float("inf"):
            below = weight
        right, false = right + levels[weight][0], false + levels[weight][1]
        if false <= FALSE * (right + false):
            best, below = weight, float("inf")
    return round((best + below) / 2, 2) if below < float("inf") else best


def shares(decisions: Iterable[Decision], taken: float) -> tuple[float, float, int]:
    """The share of the values given that is false, that of the values there are that is given right, and how many are."""
    kept = list(decisions)
    given = [one for one in kept if one.weight >= taken]
    right, false = sum(one.right for one in given), sum(one.false for one in given)
    return false / max(1, right + false), right / max(1, sum(one.possible for one in kept)), right + false


def table() -> str:
    """Evidence with its weights, thresholds with what they would give, and the families that are not whole left out."""
    _, of = learned()
    new = fitted()
    out = ["| evidence | set by hand | fitted | of right ways | of wrong ways |", "|---|--:|--:|--:|--:|"]
    for name, seen in zip(of.names, of.x.T, strict=False):
        right = int((seen * of.y).sum())
        out.append(
            f"| {name} | {start()[name]} | {new.weights[name]} | {right} | {int(seen.sum()) - right} |"
        )
    out += ["", "| weights | taken from | values given | false | of all there are |", "|---|--:|--:|--:|--:|"]
    return "\n".join([*out, *summary(), "", *_families(new)])


def summary() -> list[str]:
    """What the weights set by hand and the fitted ones would give: lines of a table."""
    found, _ = learned()
    new, by_hand, out = fitted(), [*decide(found, start())], []
    for what, decisions, taken in (
        ("set by hand", by_hand, prior.TAKEN),
        ("set by hand, threshold chosen", by_hand, threshold(by_hand)),
        ("fitted without the family", new.decisions, new.taken),
    ):
        false, recall, given = shares(decisions, taken)
        out.append(f"| {what} | {taken} | {given} | {false:.2%} | {recall:.1%} |")
    return out


def _families(new: Fitted) -> list[str]:
    out = ["| left out | runs | values | right | false |", "|---|--:|--:|--:|--:|"]
    by_family = defaultdict(list)
    for one in new.decisions:
        by_family[one.family].append(one)
    whole = 0
    for family, decisions in sorted(by_family.items()):
        given = [one for one in decisions if one.weight >= new.taken]
        right, false = sum(one.right for one in given), sum(one.false for one in given)
        possible = sum(one.possible for one in decisions)
        if right == possible and not false:
            whole += 1
        else:
            out.append(f"| {family} | {len(decisions)} | {possible} | {right} | {false} |")
    return [*out, f"| {whole} other families | | | all | 0 |"]


def written(text: str, new: Fitted) -> str:
    """The text of `weights.py` with other figures: what each piece means stays beside it."""
    text = re.sub(r"^TAKEN = [\d.]+$", f"TAKEN = {new.taken}", text, flags=re.M)
    figure: Callable[[re.Match[str]], str] = lambda m: f'"{m[1]}": {new.weights[m[1]]},'  # noqa: E731
    return re.sub(r'"([\w-]+)": -?[\d.]+,', figure, text)
