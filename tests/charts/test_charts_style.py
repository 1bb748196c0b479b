"""What all charts share: colours, fonts, text, time axis, gaps, thinning, files."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from chart_quotes import hours, line, table
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from tracker import charts
from tracker.charts import _axis, _labels, _style, _time
from tracker.errors import OutputError, TrackerError

SEOUL = ZoneInfo("Asia/Seoul")
THEMES = pytest.mark.parametrize("theme", _style.THEMES.values(), ids=list(_style.THEMES))

# How the three kinds of colour blindness see linear RGB (Machado, Oliveira, Fernandes 2009, severity 1.0).
BLINDNESS = {
    "none": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def linear(colour: str) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((linear(c) @ [0.2126, 0.7152, 0.0722] + 0.05 for c in (one, other)), reverse=True)
    return float(light / dark)


@THEMES
def test_colours_stand_out_from_the_ground(theme: _style.Theme) -> None:
    lines = [contrast(colour, theme.ground) for colour in (*theme.series, theme.rise, theme.fall)]
    words = [contrast(colour, theme.ground) for colour in (theme.ink, theme.muted)]
    assert min(lines) >= 3 and min(words) >= 4.5


@THEMES
@pytest.mark.parametrize("sight", BLINDNESS)
def test_no_two_series_look_alike(theme: _style.Theme, sight: str) -> None:
    seen = [lab(np.array(BLINDNESS[sight]) @ linear(colour)) for colour in theme.series]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) >= 18


@THEMES
def test_scales_read_in_grey(theme: _style.Theme) -> None:
    steps = [np.diff([lab(linear(c))[0] for c in colours]) for colours in (theme.scale, theme.evidence)]
    assert (steps[0] > 4).all() and (abs(steps[1]) > 8).all()


def test_series_stay_distinct_when_colours_come_round() -> None:
    styles = [_style.series(_style.THEMES["light"], n)[:3] for n in range(24)]
    assert len(set(styles)) == 24


def test_every_hangul_syllable_has_a_glyph() -> None:
    assert {chr(c) for c in range(0xAC00, 0xD7A4)} == set(
        "".join(map(_style.plain, map(chr, range(0xAC00, 0xD7A4))))
    )
    assert _style.drawable("−▲▼ 日本 ビット") == "−▲▼ 日本 ビット"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("  비트코인\n 캐시 ", "비트코인 캐시"),
        ("$a$", r"\$a\$"),
        ("\x1b[31mred\x00", "[31mred"),
        ("ไ", "\ufffd"),
        ("A" * 90, "A" * 47 + "…"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_text_is_made_drawable(text: str, drawn: str) -> None:
    assert _style.drawable(text) == drawn


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_text_draws_without_a_warning(text: str) -> None:
    figure = Figure((2, 1), dpi=40)
    figure.text(0, 0, _style.drawable(text), **_style.font(8, "#000000"))
    figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("value", "tick", "price"),
    [
        (100_703_000, "100.703M", "100,703,000"), (8692, "8,692", "8,692"), (63.7, "63.7", "63.7"), (0, "0", "0"),
        (0.00001234, "0.00001234", "0.00001234"), (-2.5, "−2.5", "-2.5"), (2.5e9, "2.5B", "2,500,000,000"),
        (0.1 + 0.2, "0.3", "0.3"), (1e18, "1,000,000T", "1,000,000,000,000,000,000"),
        (2.5e-11, "0.000000000025", "0.000000000025"),
    ],
)  # fmt: skip
def test_numbers_have_no_exponent(value: float, tick: str, price: str) -> None:
    assert (_style.number(value), _style.price(value)) == (tick, price)


@pytest.mark.parametrize(
    ("value", "text"), [(1.14, "+1.14 %"), (-2.0, "−2 %"), (0.0, "0 %"), (13.9, "+13.9 %")]
)
def test_a_change_bears_its_sign(value: float, text: str) -> None:
    assert _style.percent(value) == text


@pytest.mark.parametrize(("span", "days"), [("3d", 3), ("36h", 1.5), ("90min", 0.0625), ("2w", 14), (2, 2)])
def test_spans(span: str | float, days: float) -> None:
    assert _time.days(span) == days


def test_a_timedelta_is_a_span() -> None:
    assert _time.days(timedelta(hours=12)) == 0.5


@pytest.mark.parametrize("span", ["", "3", "d", "-1d", "0h", 0, float("nan"), "1e3d", "9999999d"])
def test_what_is_no_span(span: str | float) -> None:
    with pytest.raises(TrackerError, match="3d, 36h"):
        _time.days(span)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "/etc/passwd", "../x", "a\0b", "Asia"])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(TrackerError, match="Asia/Seoul"):
        _time.zone(name)


# (times in days, the longest join of `reach`)
REACHES = {
    "hourly": (np.arange(48) / 24, 3 / 24),
    "daily, one day missed": ([0, 1, 2, 4, 5], 3.0),
    "weekly: too far to join": ([0, 7, 14], 3.0),
    "a burst a day does not make a day a gap": ([d + m / 1440 for d in range(5) for m in range(9)], 2.98),
    "one long silence does not join the rest": ([0, 1 / 24, 2 / 24, 200, 200 + 1 / 24], 3 / 24),
    "one observation": ([5], 3.0),
    "two at one time": ([5, 5], 3.0),
}


@pytest.mark.parametrize(("times", "joined"), REACHES.values(), ids=list(REACHES))
def test_how_far_a_line_reaches(times: list[float], joined: float) -> None:
    assert _time.reach(np.array(times, float)) == pytest.approx(joined, abs=0.02)


def test_a_line_is_broken_at_a_gap() -> None:
    times = np.array([0.0, 1, 5, 6])
    x, y = _time.broken(times, times * 10, _time.runs(times, 3))
    np.testing.assert_array_equal(x, [0, 1, np.nan, 5, 6])
    np.testing.assert_array_equal(y, [0, 10, np.nan, 50, 60])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(-9, 9)), min_size=1, max_size=300), st.integers(1, 12)
)
def test_thinning_keeps_the_extremes_of_every_run(points: list[tuple[int, int]], steps: int) -> None:
    points.sort(key=lambda p: p[0])
    times, values = np.array(points, float).T
    runs = _time.runs(times, 20)
    kept = _time.thin(times, values, runs, steps)
    assert (np.diff(kept) > 0).all()
    for run in np.unique(runs):
        whole, part = values[runs == run], values[kept][runs[kept] == run]
        assert (whole[0], whole[-1], whole.min(), whole.max()) == (part[0], part[-1], part.min(), part.max())


def test_thinning_thins() -> None:
    times = np.linspace(0, 1, 50_000)
    assert _time.thin(times, np.sin(times * 1e4), np.zeros(50_000, int), 100).size <= 400 + 4


def test_empty_years_are_folded_and_times_stay_true() -> None:
    times = np.array([0.0, 1500, 1530, 1560])
    shown = _axis.span(times)
    assert [len(_axis.span(times, fold=False).sections), len(shown.sections)] == [1, 2]
    np.testing.assert_allclose(shown.time(shown.place(times)), times)
    places = shown.place(times)
    assert (
        (np.diff(places) > 0).all()
        and places[1] - places[0] < 60
        and places[3] - places[2] == pytest.approx(30)
    )


@pytest.mark.parametrize("times", [[0.0], [0.0, 300], [0.0, 400, 800, 1200], [0.0, 0.001]])
def test_what_is_not_folded(times: list[float]) -> None:
    assert len(_axis.span(np.array(times)).sections) == 1


# (first and last local time, zone, width in inches, labels)
AXES = {
    "years": ("2014-03-01", "2024-03-01", "Asia/Seoul", 9, ["2015", "2016", "2024"]),
    "months": ("2024-01-05", "2024-06-05", "Asia/Seoul", 5, ["Feb\n2024", "Mar", "Jun"]),
    "over new year": ("2023-11-05", "2024-03-05", "Asia/Seoul", 3.5, ["Dec\n2023", "Jan\n2024", "Mar"]),
    "days": ("2024-03-01", "2024-03-06", "Asia/Seoul", 5, ["1 Mar\n2024", "2 Mar", "6 Mar"]),
    "hours": (
        "2024-03-01T00:00",
        "2024-03-01T12:00",
        "Asia/Seoul",
        4,
        ["00:00\n1 Mar 2024", "02:00", "12:00"],
    ),
    "summer time begins": (
        "2024-03-31T00:00",
        "2024-04-01T00:00",
        "Europe/Berlin",
        4,
        ["00:00\n31 Mar 2024", "06:00"],
    ),
}


@pytest.mark.parametrize(("first", "last", "name", "width", "labels"), AXES.values(), ids=list(AXES))
def test_ticks_are_round_in_the_readers_zone(
    first: str, last: str, name: str, width: float, labels: list[str]
) -> None:
    zone = ZoneInfo(name)
    ends = [_axis.days_of(datetime.fromisoformat(t).replace(tzinfo=zone)) for t in (first, last)]
    ax = Figure((width, 2)).add_axes((0, 0, 1, 1))
    _axis.use(ax, _axis.Span(((ends[0], ends[1]),), 1.0), zone)
    texts = [label.get_text() for label in ax.get_xticklabels()]
    assert [t for t in texts if t in labels] == labels
    assert 2 <= len(texts) <= width * 72 / 30 + 1
    for tick in ax.get_xticks():
        assert _axis.local(tick, zone).second == 0


def test_labels_are_pushed_apart_in_order() -> None:
    assert _labels.apart([0.5, 0.1, 0.5], 0.1) == pytest.approx([0.45, 0.1, 0.55])
    assert _labels.apart([0.0, 1.0], 0.1) == [0.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15))
def test_labels_never_overlap(heights: list[float]) -> None:
    placed = _labels.apart(heights, 0.05)
    assert (np.diff(sorted(placed)) >= 0.05 - 1e-9).all()
    assert sum(placed) == pytest.approx(sum(heights))


def chart() -> object:
    return charts.plot(table(*line(hours(0, 1, 2), [1, 2, 3], name="비트코인")), size=(6, 4), dpi=60)


MAGIC = {".png": b"\x89PNG\r\n", ".svg": b"<?xml", ".pdf": b"%PDF-"}


@pytest.mark.parametrize("ending", MAGIC)
def test_the_same_chart_is_the_same_file(tmp_path: Path, ending: str) -> None:
    one, other = tmp_path / f"one{ending}", tmp_path / f"other{ending.upper()}"
    charts.save(chart(), one)
    charts.save(chart(), other)
    assert one.read_bytes() == other.read_bytes() != b""
    assert one.read_bytes().startswith(MAGIC[ending])
    assert b"CreationDate" not in one.read_bytes() and b"dc:date" not in one.read_bytes()
    assert sorted(tmp_path.iterdir()) == sorted([one, other])


def test_dpi_scales_the_picture(tmp_path: Path) -> None:
    charts.save(chart(), tmp_path / "a.png", dpi=120)
    width, height = (int.from_bytes((tmp_path / "a.png").read_bytes()[n : n + 4]) for n in (16, 20))
    assert (width, height) == (720, 480)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.gif", "use .png, .svg, .pdf"),
        ("a", r"\(none\)"),
        ("no/a.png", "no folder"),
        ("sub.png", "is a folder"),
    ],
)
def test_where_a_chart_cannot_go(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "sub.png").mkdir()
    with pytest.raises(OutputError, match=words):
        charts.save(chart(), tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["sub.png"]


def test_a_full_disk_leaves_the_old_picture(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from tracker.writing import whole\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "with whole(sys.argv[1]) as part: part.write_bytes(b'x' * 5000)"
    )
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", code, str(target)], capture_output=True, text=True)
    assert "OutputError" in done.stderr and done.returncode
    assert target.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_no_box_and_no_log_line_for_hangul(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with caplog.at_level(logging.WARNING), warnings.catch_warnings():
        warnings.simplefilter("error")
        charts.save(chart(), tmp_path / "a.svg")
    assert not caplog.records
