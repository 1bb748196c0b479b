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
from tracker.charts import _axis, _labels, _style, _text, _time, _values
from tracker.charts._names import bare
from tracker.errors import OutputError, TrackerError
from tracker.language import language, languages
from tracker.language import price as spelled_price

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
def test_evidence_reads_in_grey(theme: _style.Theme) -> None:
    steps = np.diff([lab(linear(c))[0] for c in theme.evidence])
    assert (abs(steps) > 8).all()


@THEMES
@pytest.mark.parametrize("lang", languages())
def test_the_scale_of_changes_is_told_from_no_change_and_from_its_other_end(
    theme: _style.Theme, lang: str
) -> None:
    hues = language(lang).colours
    name = next(n for n, t in _style.THEMES.items() if t is theme)
    low, lower, middle, higher, high = map(linear, _style.theme(name, hues["rise"], hues["fall"]).scale)
    away = abs(lab(linear(theme.ground))[0] - lab(middle)[0])
    assert 4 < away < 20  # near the ground, and not taken for it
    for sight in BLINDNESS.values():
        seen = [lab(np.array(sight) @ colour) for colour in (low, lower, middle, higher, high)]
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) >= 9


def test_series_stay_distinct_when_colours_come_round() -> None:
    styles = [_style.series(_style.THEMES["light"], n)[:3] for n in range(32)]
    assert len(set(styles)) == 32


def test_every_hangul_syllable_has_a_glyph() -> None:
    assert {chr(c) for c in range(0xAC00, 0xD7A4)} == set(
        "".join(map(_text.plain, map(chr, range(0xAC00, 0xD7A4))))
    )
    assert _text.drawable("−▲▼ 日本 ビット") == "−▲▼ 日本 ビット"


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
    assert _text.drawable(text) == drawn


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_text_draws_without_a_warning(text: str) -> None:
    figure = Figure((2, 1), dpi=40)
    figure.text(0, 0, _text.drawable(text), **_text.font(8, "#000000"))
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
    assert (language("en").number(value), spelled_price(value)) == (tick, price)


@pytest.mark.parametrize(
    ("value", "text"), [(1.14, "+1.14 %"), (-2.0, "−2 %"), (0.0, "0 %"), (13.9, "+13.9 %")]
)
def test_a_change_bears_its_sign(value: float, text: str) -> None:
    assert language("en").percentage(value) == text


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
    "days": ("2024-03-01", "2024-03-06", "Asia/Seoul", 5, ["2 Mar\n2024", "3 Mar", "5 Mar"]),
    "hours": (
        "2024-03-01T00:00",
        "2024-03-01T12:00",
        "Asia/Seoul",
        4,
        ["02:00\n1 Mar 2024", "04:00", "10:00"],
    ),
    "summer time begins": (
        "2024-03-31T00:00",
        "2024-04-01T00:00",
        "Europe/Berlin",
        4,
        ["06:00\n31 Mar 2024", "12:00"],
    ),
}


@pytest.mark.parametrize(("first", "last", "name", "width", "labels"), AXES.values(), ids=list(AXES))
def test_ticks_are_round_in_the_readers_zone(
    first: str, last: str, name: str, width: float, labels: list[str]
) -> None:
    zone = ZoneInfo(name)
    ends = [_axis.days_of(datetime.fromisoformat(t).replace(tzinfo=zone)) for t in (first, last)]
    ax = Figure((width, 2)).add_axes((0, 0, 1, 1))
    _axis.use(ax, _axis.Span(((ends[0], ends[1]),), 1.0), zone, language("en"), 9.5)
    texts = [label.get_text() for label in ax.get_xticklabels()]
    assert [t for t in texts if t in labels] == labels
    assert 2 <= len(texts) <= _axis.MOST_TICKS
    for tick in ax.get_xticks():
        assert _axis.local(tick, zone).second == 0


@given(st.floats(-14, 9), st.floats(0.01, 300), st.integers(2, 12))
def test_a_logarithmic_axis_has_ticks_at_any_span(lowest: float, decades: float, most: int) -> None:
    low, high = 10.0**lowest, 10.0 ** min(300.0, lowest + decades)
    ticks = _values.Logarithmic(most).tick_values(low, high)
    assert all(low * 0.999 <= tick <= high * 1.001 for tick in ticks) and ticks == sorted(ticks)
    assert len(ticks) >= (2 if most > 2 else 1) and len(ticks) <= most + 2


@pytest.mark.parametrize(
    ("coin", "printed", "name"),
    [
        ("BTC", "Bitcoin BTC", "Bitcoin"), ("BTC", "BTC Bitcoin BTC", "Bitcoin"), ("XRP", "XRP", ""), ("XRP", "XRP XRP", ""),
        ("BTC", "비트코인", "비트코인"), ("BTC", "비트코인(BTC)", "비트코인"), ("BTC", "Bitcoin (BTC/KRW)", "Bitcoin"),
        ("SAND", "The Sandbox", "The Sandbox"), ("ETH", "eth / KRW", ""), ("BTC", "BTC비트코인", "BTC비트코인"),
    ],
)  # fmt: skip
def test_a_name_is_drawn_without_its_ticker(coin: str, printed: str, name: str) -> None:
    assert bare(coin, printed) == name


def test_a_site_keeps_its_colour_and_no_two_share_one() -> None:
    store = [f"news{n}.kr" for n in range(20)]
    everywhere = _style.places(store[:8], store)
    assert {site: _style.places([site], store)[site] % 8 for site in store[:8]} == everywhere
    few = _style.places(["news1.kr", "news9.kr", "new.kr"], store)
    assert few["news1.kr"] == 1 and len({place % 8 for place in few.values()}) == 3


def test_labels_are_pushed_apart_in_order() -> None:
    assert _labels.apart([0.5, 0.1, 0.5], 0.1) == pytest.approx([0.45, 0.1, 0.55])
    assert _labels.apart([0.0, 1.0], 0.1) == [0.0, 1.0]


@given(st.lists(st.floats(-3, 4), min_size=1, max_size=15))
def test_labels_stay_within_reach(heights: list[float]) -> None:
    placed = sorted(_labels.apart(heights, 0.05, 1.0))
    assert (np.diff(placed) >= 0.05 - 1e-9).all() and placed[0] >= -1e-9 and placed[-1] <= 1 + 1e-9


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
