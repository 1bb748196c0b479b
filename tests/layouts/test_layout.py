"""Layout files: each defect is one clear error with file, key and what is allowed; no pattern runs away."""

from __future__ import annotations

import re
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import LayoutError
from tracker.layouts import layout
from tracker.printed.pattern import HOLES, PatternError, fill

INSTALLED = {one.id: one for one in layout.load()}
WHOLE = """title = "A made layout"
needle = "Prices of the day"
begin = '^Prices of the day$'
row = '{name} {price} {change_pct}'
end = '^End$'
currency = "KRW"
zone = "Asia/Seoul"
window = "24h"
unsigned = "rise"
decimal = "."
printed = '\\((\\w+)\\)'
skip = ['^Gold {number}$']
sites = ["example.com"]

[time]
stated = ['(?P<year>\\d{4})-(?P<month>\\d{2})-(?P<day>\\d{2})']
"""


def keyed(key: str, line: str) -> str:
    """The whole layout with one key's line replaced."""
    return re.sub(rf"(?m)^{key} = .*$", lambda _: line, WHOLE, count=1)


# defect -> the file's text, what the error must say of it.
DEFECTS: dict[str, tuple[str, list[str]]] = {
    "unknown key": ('rwo = "x"\n' + WHOLE, ["key `rwo`", "begin", "needle", "row", "title"]),
    "number for a text": (keyed("title", "title = 5"), ["key `title`", "text"]),
    "text for a list": (keyed("sites", 'sites = "example.com"'), ["key `sites`", "list"]),
    "numbers in a list": (keyed("skip", "skip = [5]"), ["key `skip`", "list"]),
    "text for the table of times": (
        WHOLE.partition("[time]")[0] + 'time = "today"\n',
        ["key `time`", "[time]"],
    ),
    "unknown time": (
        WHOLE.replace("stated", "sometimes"),
        ["key `time.sometimes`", "stated, today, published"],
    ),
    "time that is no list": (WHOLE.partition("stated =")[0] + 'stated = "x"\n', ["key `time.stated`"]),
    "unknown hole": (keyed("row", "row = '{name} {prize}'"), ["key `row`", "{prize}", "price", "change_pct"]),
    "hole in a wrong place": (keyed("end", "end = '{foot}'"), ["key `end`", "{foot}"]),
    "bad pattern": (keyed("begin", "begin = '^(open'"), ["key `begin`", "pattern"]),
    "bad time pattern": (
        WHOLE.partition("stated =")[0] + "stated = ['[']\n",
        ["key `time.stated`", "pattern"],
    ),
    "bad skip pattern": (keyed("skip", "skip = ['*']"), ["key `skip`", "pattern"]),
    "hole twice": (keyed("row", "row = '{name} {price} {price}'"), ["key `row`"]),
    "repeat of a group": (keyed("row", "row = '(?:{name} )+{price}'"), ["key `row`", "repeats a group"]),
    "repeat of a capturing group": (keyed("begin", "begin = '(a|b)*'"), ["key `begin`", "repeats a group"]),
    "counted repeat of a group": (keyed("begin", "begin = '(a){2,}'"), ["key `begin`", "repeats a group"]),
    "too many repeats": (keyed("begin", "begin = '" + "a*" * 20 + "'"), ["key `begin`", "repeats"]),
    "too long a repeat": (keyed("begin", "begin = 'a{1,5000}'"), ["key `begin`", "repeats too often"]),
    "row without price": (keyed("row", "row = '{name} {change_pct}'"), ["key `row`", "{price}"]),
    "row without name": (keyed("row", "row = '{rank} {price}'"), ["key `row`", "{name}"]),
    "no row": (keyed("row", ""), ["key `row`", "missing", "title, begin, row"]),
    "empty begin": (keyed("begin", 'begin = ""'), ["key `begin`", "missing or empty"]),
    "no title": (keyed("title", ""), ["key `title`", "missing"]),
    "neither needle nor sites": (
        keyed("needle", "").replace('sites = ["example.com"]', ""),
        ["key `needle`", "sites"],
    ),
    "bad zone": (keyed("zone", 'zone = "Korea/Busan"'), ["key `zone`", "Korea/Busan", "Asia/Seoul"]),
    "zone outside": (keyed("zone", 'zone = "../../etc/passwd"'), ["key `zone`"]),
    "bad window": (keyed("window", 'window = "48h"'), ["key `window`", "48h", "24h, 1d, 5d, 7d"]),
    "bad up": (keyed("unsigned", 'up = ["rise"]'), ["key `up`", "class~=rise"]),
    "bad down": (keyed("unsigned", 'up = ["class=a"]\ndown = [".fall"]'), ["key `down`", "class~=rise"]),
    "bad unsigned": (keyed("unsigned", 'unsigned = "up"'), ["key `unsigned`", "rise, lost"]),
    "bad decimal": (keyed("decimal", 'decimal = "\'"'), ["key `decimal`"]),
    "bad currency": (keyed("currency", 'currency = "won"'), ["key `currency`", "won", "ISO 4217"]),
    "currency caught by no group": (keyed("printed", "printed = 'KRW'"), ["key `printed`"]),
    "no TOML": ("title: made\nrow: x\n", ["no TOML"]),
    "key twice": (WHOLE.partition("[time]")[0] + 'title = "again"\n', ["no TOML"]),
    "empty file": ("", ["key `title`", "missing"]),
}

BAD_NAMES = ["generic", "Upper", "with space", "under_score", "-dash", "ümlaut"]


def write(folder: Path, text: str, name: str = "made") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_layout_that_the_defects_are_made_of_is_right(tmp_path: Path) -> None:
    made = layout.read(write(tmp_path, WHOLE))
    assert (made.id, made.zone, made.window, made.unsigned) == ("made", "Asia/Seoul", "24h", "rise")
    assert made.skip and made.end and made.marks.stated


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_is_one_clear_error(tmp_path: Path, defect: str) -> None:
    text, words = DEFECTS[defect]
    path = write(tmp_path, text)
    with pytest.raises(LayoutError) as error:
        layout.read(path)
    said = str(error.value)
    assert said.startswith(str(path)) and "\n" not in said and error.value.remedy
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize("name", BAD_NAMES)
def test_the_name_is_the_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(LayoutError, match="name"):
        layout.read(write(tmp_path, WHOLE, name))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00t", 'title = "시세"'.encode("cp949")])
def test_a_file_that_is_not_utf8(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "made.toml"
    path.write_bytes(data)
    with pytest.raises(LayoutError, match="no TOML"):
        layout.read(path)


def test_files_and_folders_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="No such file"):
        layout.read(tmp_path / "none.toml")
    with pytest.raises(LayoutError, match="no such folder"):
        layout.load([tmp_path / "none"])
    with pytest.raises(LayoutError, match="no such folder"):
        layout.load([write(tmp_path, WHOLE)])


def test_a_folder_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, title in ((one, "first"), (two, "second")):
        folder.mkdir()
        write(folder, WHOLE.replace("A made layout", title), "ebn-header")
    write(one, WHOLE, "made")
    write(one, "not a layout", "notes").rename(one / "notes.txt")
    found = {a.id: a for a in layout.load([one, two])}
    assert found.keys() == {*INSTALLED, "made"}
    assert found["ebn-header"].title == "second" and INSTALLED["ebn-header"].title != "second"
    assert list(found) == sorted(found)


SITES = [
    ("ebn.co.kr", True), ("m.ebn.co.kr", True), ("a.b.ebn.co.kr", True), ("notebn.co.kr", False),
    ("ebn.co.kr.evil.com", False),
    ("co.kr", False), (None, False), ("", False),
]  # fmt: skip


@pytest.mark.parametrize(("site", "applies"), SITES)
def test_without_a_needle_the_site_decides(tmp_path: Path, site: str | None, applies: bool) -> None:
    text = keyed("needle", "").replace("example.com", "ebn.co.kr")
    made = layout.read(write(tmp_path, text))
    assert made.applies("any text", site) is applies


@pytest.mark.parametrize("site", ["example.com", "elsewhere.org", None])
def test_with_a_needle_the_site_does_not_matter(tmp_path: Path, site: str | None) -> None:
    made = layout.read(write(tmp_path, WHOLE))
    assert made.applies("…Prices of the day…", site) and not made.applies("prices of the day", site)


@pytest.mark.parametrize("one", INSTALLED.values(), ids=list(INSTALLED))
def test_installed_layouts_are_right(one: layout.Layout) -> None:
    assert layout.read(one.file).data == one.data


BLANKS = ["Bitcoin 5 1%", "Bitcoin\n5\n1%", "Bitcoin \t 5\u00a01%", "Bitcoin\n\n 5 \n1%", "Bitcoin5 1%"]


@pytest.mark.parametrize("text", BLANKS)
def test_a_blank_stands_for_any_white_space_or_none(text: str) -> None:
    match = fill("{name} {price} {change_pct}").fullmatch(text)
    assert match and (match["name"], match["price"], match["change_pct"]) == ("Bitcoin", "5", "1%")


# hole -> what it takes, what it does not.
TAKES = {
    "price": (
        ["8,692,000", "$67,123.45", "67.123,45 €", "9,215만원", "0.00001"],
        ["-5", "+5", "5%", "(5)", "Bitcoin", ""],
    ),
    "change_pct": (["-1.52%", "1.5%", "(+1.5%)", "▼ 1.5%", "1,5 %"], ["1.5", "-5", "%-1,23", "Bitcoin"]),
    "%change_pct": (["%-1,23", "%5"], ["-1.52%", "5"]),
    "change_abs": (["-815.26", "1,134,000", "+$5"], ["1.5%", "(1.5%)", "up"]),
    "symbol": (["BTC", "1INCH"], ["btc", "B", "BTC-USD"]),
    "rank": (["1", "1200"], ["12000", "-1", "a"]),
    "sign": (["gain", "drop", "상승"], ["price", ""]),
    "number": (["5", "5%", "-5", "$5"], ["", "five"]),
    "name": (["Bitcoin", "비트코인 캐시", "S&P 500"], ["500", "5 %", "a\nb", "a | b", "x" * 61]),
}


@pytest.mark.parametrize("hole", TAKES)
def test_holes_take_what_they_are_called(hole: str) -> None:
    yes, no = TAKES[hole]
    pattern = fill(f"{{{hole}}}")
    assert [text for text in yes if not pattern.fullmatch(text)] == []
    assert [text for text in no if pattern.fullmatch(text)] == []


def repeats(tree: Any) -> Iterator[tuple[int, Any]]:
    """Every repeat of a parsed pattern: how often at most, and of what."""
    for op, value in tree:
        if "REPEAT" in str(op):
            yield value[1], value[2]
        for part in value if isinstance(value, tuple | list) else [value]:
            for one in part if isinstance(part, list) else [part]:
                if isinstance(one, parser.SubPattern):
                    yield from repeats(one)


def unbounded(pattern: re.Pattern[str]) -> bool:
    """Whether something may repeat without end, or very often what itself varies in length."""
    return any(
        most is parser.MAXREPEAT or (most >= 40 and of.getwidth()[0] != of.getwidth()[1])
        for most, of in repeats(parser.parse(pattern.pattern))
    )


tokens = st.sampled_from(
    [*(f"{{{h}}} " for h in HOLES), *"()]|*+?.\\ {}^$ab1,", "{2,}", "{,5}", "(?:", "[^\n]", "\\d"]
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(tokens, max_size=12).map("".join))
def test_any_pattern_is_bounded_or_refused(text: str) -> None:
    try:
        pattern = fill(text)
    except PatternError as error:
        assert len(error.args) == 2 and all(error.args)
    else:
        assert not unbounded(pattern)


@pytest.mark.parametrize("text", ["{symbol}* {price}", "{name}+ {price}", "{symbol}{2,} {price}"])
def test_a_repeat_of_a_hole_is_refused(text: str) -> None:
    with pytest.raises(PatternError, match="repeats"):
        fill(text)


def test_a_pattern_that_python_doubts_is_refused() -> None:
    with pytest.raises(PatternError):
        fill("[[a] {name} {price}")


@pytest.mark.parametrize("text", ["{name} {price} .*.*.*.*X", "^.*.*.*.*{name} {price}X"])
def test_repeats_that_multiply_are_refused(text: str) -> None:
    with pytest.raises(PatternError, match="too many ways"):
        fill(text)
