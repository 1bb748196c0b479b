"""Examples -> weights: logistic regression that shrinks towards the weights there are, by Newton's method. Pure.

A piece of evidence that the examples never show keeps its weight, one that they show seldom moves little. None changes
its sign: a head that says `price` does not speak against a price, whatever some pages happen to hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .examples import Example

RIDGE = 0.5  # how strongly weights are held where they stand
_STEPS = 60


@dataclass(frozen=True)
class Data:
    """Ways as a matrix: a line each, a column for each piece of evidence and a last one that is always there."""

    names: tuple[str, ...]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    counts: NDArray[np.float64]  # how much each way counts
    families: NDArray[np.str_]


def data(examples: Sequence[Example], names: Sequence[str]) -> Data:
    """Every family counts as much, however many pages it has."""
    size = Counter(one.family for one in examples)
    ways = [(one, way) for one in examples for way in one.ways]
    x = [[name in way.evidence for name in names] + [True] for _, way in ways]
    counts = [1 / size[one.family] for one, _ in ways]
    return Data(
        tuple(names),
        np.array(x, dtype=np.float64),
        np.array([way.label for _, way in ways], dtype=np.float64),
        np.array(counts),
        np.array([one.family for one, _ in ways]),
    )


def fit(of: Data, prior: Mapping[str, float], taken: float, without: str | None = None) -> dict[str, float]:
    """The weights by name, fitted to all families but one."""
    chosen = of.families != without
    x, y, counts = of.x[chosen], of.y[chosen], of.counts[chosen]
    start = np.array([*(prior[name] for name in of.names), -taken])
    signs, w = np.sign(start), start.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (counts * (p - y)) + RIDGE * (w - start)
        free = (w != 0) | (slope * signs < 0)
        bend = (x[:, free] * (counts * p * (1 - p))[:, None]).T @ x[:, free] + RIDGE * np.eye(int(free.sum()))
        step = np.zeros_like(w)
        step[free] = np.linalg.solve(bend, slope[free])
        new = w - step
        w, old = np.where(new * signs < 0, 0.0, new), w
        if np.abs(w - old).max() < 1e-6:
            break
    return {name: float(value) for name, value in zip(of.names, w, strict=False)}
