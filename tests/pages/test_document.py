"""One document: its encoding, its lines, what its markup says of address and date."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from at_length import some
from files import make
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import SourceError
from tracker.finder.find import find, watch
from tracker.model import Page
from tracker.pages import Intake, Source, pages, read
from tracker.pages.document import apart, counted, page
from tracker.pages.encoding import decode, repaired, searchable

FILES = Path(__file__).parents[1] / "files"
BARE = Page("", "a.html")
KOREAN = "입력 2019-12-03 16:35 비트코인 시세"
REPAIRED = ("text-repaired",)

# file: its text and its flags, or why it is none
SAMPLES: dict[str, tuple[str, tuple[str, ...]] | str] = {
    "empty.txt": "is empty",
    "blank.txt": "is empty",
    "binary.txt": "is binary, not a page of text",
    "picture.html": "is binary, not a page of text",
    "cp949-undeclared.txt": (KOREAN, ()),
    "cp949-declared-as-utf-8.html": (KOREAN, ()),
    "utf-8-declared-as-euc-kr.html": (f"{KOREAN} 가격", ()),
    "cp949-read-as-latin-1.txt": (KOREAN, REPAIRED),
    "utf-8-read-as-latin-1.txt": (KOREAN, REPAIRED),
    "one-bad-byte.txt": (f"{KOREAN}\ufffd", REPAIRED),
    "utf-16.txt": (KOREAN, ()),
    "shift-jis-undeclared.txt": ("ビットコイン 1,000 円 これはテストです。日本語の文章", ()),
    "latin-1.html": ("Créé à Genève: 1 000 €", ()),
}


def test_every_sample_is_looked_at() -> None:
    assert {path.name for path in [*FILES.glob("*.txt"), *FILES.glob("*.html")]} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_encoding_is_found_or_the_file_is_said_to_be_none(name: str) -> None:
    expected = SAMPLES[name]
    if isinstance(expected, str):
        with pytest.raises(SourceError, match=expected) as error:
            list(pages(FILES / name))
        assert error.value.subject == str(FILES / name)
    else:
        (found,) = pages(FILES / name)
        assert (found.text, found.flags) == expected


DECLARED = {
    "the header's charset": (KOREAN.encode("cp949"), "euc-kr"),
    "a header of no known charset": (KOREAN.encode(), "x-unknown-8bit"),
    "a header that is wrong": (KOREAN.encode("cp949"), "utf-8"),
    "a header of one byte a letter": (KOREAN.encode(), "iso-8859-1"),
    "a header that is no encoding": (KOREAN.encode(), "hex"),
    "a header that would read escapes": (KOREAN.encode(), "unicode_escape"),
    "in capitals": (KOREAN.encode("cp949"), "KS_C_5601-1987"),
    "a byte order mark before all": (KOREAN.encode("utf-8-sig"), "euc-kr"),
    "utf-16 in the other order": (b"\xfe\xff" + KOREAN.encode("utf-16-be"), None),
    "utf-32": (KOREAN.encode("utf-32"), None),
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_declaration_counts_only_if_every_byte_agrees(name: str) -> None:
    data, charset = DECLARED[name]
    assert decode(data, charset) == (KOREAN, False)


@pytest.mark.parametrize(
    "text", ["crème brûlée à l'été", "Señor Muñoz", "Ä Ö Ü ß", "2 × 3 ÷ 4", "«déjà vu»", "ÀÉ", KOREAN]
)
def test_text_with_accents_is_no_mojibake(text: str) -> None:
    assert repaired(text) == (text, False)


def test_text_that_speaks_of_a_charset_declares_none() -> None:
    text = "charset=shift_jis: ビットコイン"
    assert decode(text.encode()) == (text, False)


def test_what_no_store_takes_is_replaced_and_flagged() -> None:
    assert repaired("a\0b\ud800") == ("a\ufffdb\ufffd", True)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == (text, False)


@given(st.binary(max_size=400), st.none() | st.text(max_size=12))
def test_no_bytes_are_too_strange(data: bytes, charset: str | None) -> None:
    searchable(data, charset)
    try:
        found = page(data, BARE, charset=charset)
    except SourceError:
        return
    found.text.encode()


SPELT = [("utf-8", "비트코인"), ("cp949", "비트코인"), ("utf-16", "비트코인"), ("cp932", "ビットコイン")]


@pytest.mark.parametrize(("codec", "name"), SPELT)
def test_the_search_sees_what_the_text_says(codec: str, name: str) -> None:
    assert watch()(searchable(f'<meta charset="{codec}">{name}'.encode(codec)))


LINES = {
    "items are lines": ("<ul><li>BTC 1</li><li>ETH <b>2</b></li></ul>", ["• BTC 1", "• ETH 2"]),
    "cells stand apart on one line": ("<table><tr><td>BTC</td><td>1</td></tr><tr><td>ETH</td><td>2</td></tr></table>",
                                      ["BTC\t\t1", "ETH\t\t2"]),
    "blocks are lines": ("<div>BTC</div><div>1</div><p>ETH</p><p>2</p>", ["BTC", "1", "ETH", "2"]),
    "definitions are lines": ("<dl><dt>BTC</dt><dd>1</dd></dl>", ["BTC", "1"]),
    "breaks are lines": ("BTC<br>1<br/>ETH", ["BTC", "1", "ETH"]),
    "preformatted text keeps its lines": ("<pre>BTC 1\nETH 2</pre>", ["BTC 1", "ETH 2"]),
    "figures in touching elements": ("<b>ETH</b><i>5,100</i><span class='x'>-2%</span>", ["ETH 5,100 -2%"]),
    "a figure behind a bare name": ("<p>비트코인<span>8,692,000</span><em>1.14%</em></p>", ["비트코인 8,692,000 1.14%"]),
    "one figure in two elements": ("<b>12</b><i>.50</i>, <b>1</b><b>2</b>, <b>8,692</b><i>,000</i>",
                                    ["12.50, 12, 8,692,000"]),
    "a pair of two codes": ("<b>BTC</b><b>-USD</b>", ["BTC-USD"]),
    "counted zeros": ("<p>$0.0<sub>5</sub>1234 $0.0<SUB class='x'><span>1</span></SUB><!-- -->12</p>",
                      ["$0.0₅1234 $0.0₁12"]),
    "counted zeros in elements": ("<b>$0.0</b><sub>10</sub><b>12</b><b>-2%</b>", ["$0.0₁₀12 -2%"]),
    "counted zeros by style": ("$0.0<b class='xs align-sub'>5</b><b>12</b> 0.0<i style='vertical-align: sub'>4</i>7",
                               ["$0.0₅12 0.0₄7"]),
    "a lowered digit that counts nothing": ("<p>1.23<sub>45</sub>6 10.0<sub>5</sub>1 0.0<sub>5</sub>",
                                            ["1.23456 10.051 0.05"]),
    "a unit behind a figure": ("<b>5</b><i>억</i>", ["5억"]),
    "arrows": ("<b>5,100</b><i>▲</i><i>2.1%</i>", ["5,100 ▲2.1%"]),
    "references": ("<p>&#48708;트코인&nbsp;1&comma;000</p>", ["비트코인\xa01,000"]),
    "scripts and styles are no text": ("<script>BTC 1</script><style>a{}</style><p>x</p>", ["x"]),
    "the words of a picture": ("<img alt='상승'>2.1%", ["상승2.1%"]),
    "what nobody sees": ("<p>Bit&shy;coin&#8203; 67,&#8288;123 &rlm;-1.2&#xFE0F;%</p>", ["Bitcoin 67,123 -1.2%"]),
    "no markup at all": ("BTC 1\r\nETH 2\rXRP 3", ["BTC 1", "ETH 2", "XRP 3"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_markup_becomes_lines(name: str) -> None:
    html, expected = LINES[name]
    text = page(html.encode(), BARE, markup=True).text
    assert [line.strip() for line in text.splitlines() if line.strip()] == expected


# A page's text -> what a reader sees of it.
UNSEEN = {
    "\ufeffBTC 1\r\nETH 2": "BTC 1\nETH 2",
    "\0Bit\0coin 67,123": "Bitcoin 67,123",
    "\u3164비트\xad코인 97,\u2068350,000\u2069원 \u200e-1.25\u2060%": "비트코인 97,350,000원 -1.25%",
    "\x1b[1;31mBTC\x1b[0m 264\x1b[12C-1.5%\x1b[K": "BTC 264 -1.5% ",
    "BTC\u200b264": "BTC 264",
    "⬇️ 1.5%": "⬇ 1.5%",
    "ｱﾞ\uffa0 \u115f가\u1160": "ｱﾞ 가",
    "بیت\u200cکوین": "بیتکوین",
    "a\tb\x0bc\x0cd\x85e\xa0f": "a\tb\x0bc\x0cd\x85e\xa0f",
}


@pytest.mark.parametrize("text", UNSEEN)
def test_a_page_holds_what_a_reader_sees(text: str) -> None:
    found = page(text.encode(), BARE, markup=False)
    assert (found.text, found.flags) == (UNSEEN[text], ())


OG = '<meta property="og:url" content="https://b.kr/2">'
HEADS = {
    "canonical": (
        '<link rel="canonical" href="https://www.a.kr/1?x=1&amp;y=2">',
        "https://www.a.kr/1?x=1&y=2",
    ),
    "canonical before shared": (f'{OG}<link rel=canonical href="https://a.kr/1">', "https://a.kr/1"),
    "relative": (f'<link rel="canonical" href="/1">{OG}', "https://b.kr/2"),
    "no host": ('<link rel="canonical" href="https:///1">', None),
    "saved": ("<!-- saved from url=(0022)https://www.a.kr/1?a=b -->", "https://www.a.kr/1?a=b"),
    "nothing": ("<title>https://a.kr</title>", None),
}


@pytest.mark.parametrize("name", HEADS)
def test_the_address_is_what_the_head_says(name: str) -> None:
    head, url = HEADS[name]
    assert page(f"{head}<p>x".encode(), BARE, markup=True).url == url


TIME = datetime(2019, 12, 3, 7, 35, tzinfo=UTC)
JSON_LD = '{"datePublished" : "2019-12-03T16:35:00+0900"}'


def dated(content: str) -> str:
    return f'<meta itemprop="datePublished" content="{content}">'


DATES = {
    "with its zone": (dated("2019-12-03T16:35:00+09:00"), "https://a.com/1", TIME),
    "in UTC": (dated("2019-12-03T07:35:00Z"), "https://a.com/1", TIME),
    "for sharing": ('<meta property="article:published_time" content="2019-12-03T16:35+09:00">', None, TIME),
    "beside the text": (
        '<time itemprop="datePublished" datetime="2019-12-03 16:35">3일</time>',
        "https://a.kr/1",
        TIME,
    ),
    "without a zone elsewhere": (dated("2019-12-03T07:35:00"), "https://a.com/1", None),
    "a day in Korea": (dated("2019-12-04"), "https://a.kr/1", datetime(2019, 12, 3, 15, tzinfo=UTC)),
    "a day elsewhere": (dated("2019-12-04"), "https://a.com/1", None),
    "in a script": (
        '<script type="application/ld+json">{"datePublished" : "2019-12-03T16:35:00+0900"}</script>',
        None,
        TIME,
    ),
    "nonsense, then a date": (dated("soon") + dated("2019-12-03T07:35Z"), None, TIME),
    "out of all years": (dated("0001-01-01T00:00:00+09:00"), None, None),
}


@pytest.mark.parametrize("name", DATES)
def test_the_articles_date_is_taken_if_its_zone_is_known(name: str) -> None:
    head, url, expected = DATES[name]
    assert page(f"{head}<p>x".encode(), Page("", "a.html", url), markup=True).published_at == expected


def test_a_stamp_in_the_name_is_the_capture(tmp_path: Path) -> None:
    (tmp_path / "20191203163500-a.txt").write_text("x")
    (found,) = pages(tmp_path / "20191203163500-a.txt", url="https://a.kr/1", at="2020-01-01 09:00")
    assert found.captured_at == datetime(2019, 12, 3, 16, 35, tzinfo=UTC)
    assert found.given_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert found.url == "https://a.kr/1"


NAMES = {
    "x_2019-12-03.html": ("stated-day", "2019-12-03T03:00:00+00:00", None),
    "x 2019-12-03 16.35.html": ("capture", "2019-12-03T07:35:00+00:00", "2019-12-03T07:35:00+00:00"),
    "20191203163500.html": ("capture", "2019-12-03T16:35:00+00:00", "2019-12-03T16:35:00+00:00"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_time_in_a_files_name_is_evidence_and_flagged(name: str, tmp_path: Path) -> None:
    basis, observed, captured = NAMES[name]
    (tmp_path / name).write_text(make.BLOCK)
    with zipfile.ZipFile(tmp_path / "x_2018-01-01.zip", "w") as bundle:
        bundle.write(tmp_path / name, f"2017-01-01/{name}")
    for source in (tmp_path / name, tmp_path / "x_2018-01-01.zip"):
        (found,) = pages(source, tz="Asia/Seoul")
        (block,) = find(found)
        assert (block.time_basis, block.observed_at) == (basis, datetime.fromisoformat(observed))
        assert block.captured_at == (captured and datetime.fromisoformat(captured))
        assert "time-from-name" in block.flags
    (found,) = pages(tmp_path / name, tz="America/New_York")
    assert found.captured_at is None or found.captured_at.hour == (21 if "16.35" in name else 16)


def test_a_file_time_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(make.HTML)
    (found,) = pages(tmp_path / "a.html")
    assert (found.captured_at, found.published_at, found.url) == (None, None, None)


def test_a_page_of_two_hundred_megabytes_is_one_line(tmp_path: Path) -> None:
    with (tmp_path / "huge.html").open("wb") as file:
        file.write(b"<html>BTC")
        file.truncate(200 << 20)
    with pytest.raises(SourceError, match="more than 64 MB"):
        list(read(Source(str(tmp_path / "huge.html")), Intake()))


def test_pictures_inside_a_page_do_not_count_as_markup() -> None:
    data = b"<html><img src='data:image/png;base64," + b"A" * (17 << 20) + b"'><p>BTC 1</p>"
    assert page(data, BARE).text.strip() == "BTC 1"


def test_too_much_markup_is_not_parsed() -> None:
    with pytest.raises(SourceError, match="HTML of more than"):
        page(b"<html>" + b"<b>" * (6 << 20), BARE)


HOSTILE: dict[str, Callable[[int], str]] = {
    "tags": lambda n: "</b><b>" * n,
    "an open tag": lambda n: "<b " + "x" * 7 * n,
    "open tags": lambda n: "<b x" * 2 * n,
    "figures": lambda n: "<b>1</b>" * n,
    "comments": lambda n: "<!--" * 2 * n,
    "digits": lambda n: "<b>a</b>" + "1" * 7 * n,
    "lowered digits": lambda n: "0.0<sub>1</sub>" * n,
    "an open lowered digit": lambda n: "<sub>" + "<b>" * 5 * n,
    "open lowered digits": lambda n: "<sub>5" * 2 * n,
    "elements that may be lowered": lambda n: "align-sub" + "<span x" * 2 * n,
}


@pytest.mark.parametrize("name", some(HOSTILE, 3))
def test_keeping_figures_apart_takes_no_more_than_the_length(name: str) -> None:
    def seconds(size: int) -> float:
        html = HOSTILE[name](size)
        start = time.process_time()
        apart(counted(html))
        return time.process_time() - start

    small = min(seconds(5_000) for _ in range(3))
    assert min(seconds(40_000) for _ in range(3)) < max(0.05, 30 * small)
