"""One document: bytes -> text. Text as it is, HTML by Resiliparse's plain text of the whole page.

What comes of markup: a block element is a line; a list item is a line led by `•`; the cells of a table row stand on one
line, two tabs between them, unless a cell holds block elements, which are lines of their own; inline elements that
touch are kept apart where a figure or a sign begins, as a page's style would show them.
"""

from __future__ import annotations

import codecs
import html as entities
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from ..model import Page, site_of
from .source import MAX_PAGE
from .times import markup_time

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

MAX_MARKUP = (
    16 << 20
)  # bytes of markup without its data: pictures; the parsed tree takes some 30 times as much
REPAIRED = "text-repaired"

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What a declaration means in practice, by the WHATWG Encoding Standard's table of labels.
_MEANT = {
    "euc-kr": "cp949", "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "ksc5601": "cp949",
    "ksc_5601": "cp949", "korean": "cp949", "windows-949": "cp949", "uhc": "cp949", "x-windows-949": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-9": "cp1254",
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8",  # a page that could say so in ASCII is none
    "tis-620": "cp874", "windows-874": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
_SEARCHED = ("utf-8", "cp949", "cp1252")  # what the search on the bytes reads without decoding
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"RIFF",
    b"\x7fELF",
    b"MZ\x90",
    b"wOFF",
    b"wOF2",
    b"OggS",
)
_MARKUP = re.compile(
    r"(?:<\?xml[^>]*>|<!--.{0,2000}?-->|\s++)*+<(?:!doctype|html|head|body|meta|title|div|table|ul|p|rss|feed)\b",
    re.IGNORECASE | re.DOTALL,
)
_DATA = re.compile(r"""data:[\w.+-]{1,40}/[\w.+;=-]{1,80},[^"'\s)>]+""")
_INLINE = r"(?:span|b|strong|em|i|a|font|small|label|u|s)"
_TOUCH = re.compile(  # a run of inline tags, and the figure or sign that begins behind it
    rf"(?:</?{_INLINE}(?:\s[^<>]{{0,600}})?>|<!--[^<>]{{0,99}}-->)++"
    r"(?=([▲▼△▽]|[-+−–(]?[$₩€£¥]?[-+−–]?\d[\d.,]{0,30}%?))?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*%|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")


def page(data: bytes, bare: Page, *, charset: str | None = None, markup: bool | None = None) -> Page:
    """The page in a document's bytes.

    bare      what the container knows of it: a page without text
    charset   what the server declared
    markup    True for HTML, False for text, None to see for itself
    Raises SourceError, its subject the page's source, for bytes that are no text and for more than can be held.
    """
    if not data.strip():
        raise SourceError(bare.source, "is empty")
    if len(data) > MAX_PAGE:
        raise too_large(bare.source)
    if is_binary(data):
        raise SourceError(bare.source, "is binary, not a page of text")
    text, replaced = decode(data, charset)
    if markup is None:
        markup = is_markup(text)
    return from_text(text, replace(bare, flags=(REPAIRED,)) if replaced else bare, markup)


def from_text(text: str, bare: Page, markup: bool = False) -> Page:
    """The page in a document's text: mojibake repaired, markup read. Raises SourceError for too much markup."""
    text, mended = repaired(text)
    if mended:
        bare = replace(bare, flags=(REPAIRED,))
    if markup:
        return _from_markup(text, bare)
    return replace(bare, text=text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def too_large(name: str) -> SourceError:
    """The error for a page that is not even looked at."""
    return SourceError(name, f"a page of more than {MAX_PAGE >> 20} MB", "take its text out first")


def is_markup(text: str) -> bool:
    """Begins as HTML does."""
    return _MARKUP.match(text[:4096]) is not None


def is_binary(data: bytes) -> bool:
    """Pictures, programs, archives: no text, whatever the encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    return data.startswith(_PICTURES) or data.count(b"\0", 0, 8192) > 2


def declared(data: bytes, charset: str | None) -> str | None:
    """The codec that the server, else the head of the document declares; None for none or an unknown one."""
    for label in (charset, _label_in(data)):
        meant = _MEANT.get(label.strip().strip("\"'").lower(), label) if label else None
        try:
            if meant:
                return codecs.lookup(meant).name
        except (LookupError, ValueError):
            continue
    return None


def _label_in(data: bytes) -> str | None:
    head = data[:2048]
    if b"charset" not in head and b"encoding" not in head and b"CHARSET" not in head:
        return None
    found = _DECLARED.search(head)
    return found[1].decode("ascii", "ignore") if found else None


def searchable(data: bytes, charset: str | None = None) -> bytes:
    """The bytes for the search that decides on a page: as they are where it reads their encoding, else as UTF-8."""
    codec = next((codec for mark, codec in _BOMS if data.startswith(mark)), None) or declared(data, charset)
    if codec is None or codec in _SEARCHED:
        return data
    return data.decode(codec, "replace").encode("utf-8", "replace")


def decode(data: bytes, charset: str | None = None) -> tuple[str, bool]:
    """The text of a document, and whether bytes that could not be read were replaced.

    By byte order mark, then by declaration, then UTF-8, then CP949, each only if every byte agrees; at last by
    Resiliparse's guess, or with the bytes replaced that fit nowhere.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(codec, "replace")
            return text, "\ufffd" in text
    said = declared(data, charset)
    # cp1252 takes nearly any bytes: as a declaration it has no weight against valid UTF-8
    order = ("utf-8", "cp1252", "latin-1") if said == "cp1252" else (said or "utf-8", "utf-8", "cp949")
    for codec in order:
        try:
            return data.decode(codec), False
        except ValueError:
            continue
    return _damaged(data, order)


def _damaged(data: bytes, order: tuple[str, ...]) -> tuple[str, bool]:
    """UTF-8 with few bytes unread; else by Resiliparse's guess if it fits; else what leaves the fewest unread."""
    text = data.decode("utf-8", "replace")
    if _unread(text) * 10 > sum(c > "\x7f" for c in text):
        from resiliparse.parse.encoding import detect_encoding

        guess = detect_encoding(data, html5_compatible=False)
        try:
            return data.decode(guess or "utf-8"), False
        except (ValueError, LookupError):
            text = min((data.decode(codec, "replace") for codec in order), key=_unread)
    return text, True


def _unread(text: str) -> int:
    return text.count("\ufffd")


_LATIN_RUN = re.compile("[\xa1-\xff]{2}")
_BROKEN = re.compile("[\0\ud800-\udfff]")


def repaired(text: str) -> tuple[str, bool]:
    """The text with its mojibake undone, and whether anything was changed.

    Korean (CP949) or UTF-8 that was read as Latin-1, if the whole text goes back to bytes and those are such a text.
    Lone surrogates and NULs, which no store takes, become U+FFFD.
    """
    if _BROKEN.search(text):
        return _BROKEN.sub("\ufffd", text), True
    if _LATIN_RUN.search(text) is None or (data := _latin_bytes(text)) is None:
        return text, False
    for codec in ("utf-8", "cp949"):
        try:
            other = data.decode(codec)
        except ValueError:
            continue
        if codec == "utf-8" or _is_korean(other):
            return other, True
    return text, False


_C1_KEPT = {ord(bytes([b]).decode("cp1252", "ignore") or chr(b)): b for b in range(0x80, 0xA0)}


def _latin_bytes(text: str) -> bytes | None:
    """The bytes that read as Latin-1, the way browsers read it, give the text; None if there are none."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError as error:
        if (
            not "\x80" <= text[error.start] <= "\x9f"
        ):  # kept by browsers where cp1252 has nothing, by Latin-1 always
            return None
    try:
        return text.translate(_C1_KEPT).encode("latin-1")
    except UnicodeEncodeError:
        return None


def _is_korean(text: str) -> bool:
    """Most of what is not ASCII is Hangul: Latin text with accents that happens to be valid CP949 is not."""
    foreign = [c for c in text if c > "\x7f"]
    hangul = sum("가" <= c <= "힣" for c in foreign)
    return hangul >= 2 and hangul * 10 >= len(foreign) * 7


def _from_markup(html: str, found: Page) -> Page:
    """The page in HTML: its lines, and what its markup says of address and date."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    saved_from = _SAVED_FROM.search(html[:4096])
    html = apart(_DATA.sub("data:,", html) if "data:" in html else html)
    if len(html) > MAX_MARKUP:
        raise SourceError(found.source, f"HTML of more than {MAX_MARKUP >> 20} MB", "take its text out first")
    tree = HTMLTree.parse(html)
    url = found.url or _address(tree) or (entities.unescape(saved_from[1]) if saved_from else None)
    return replace(
        found,
        text=extract_plain_text(tree, preserve_formatting=True, main_content=False),
        url=url,
        published_at=_published(tree, site_of(url)),
    )


def apart(html: str) -> str:
    """HTML in which a space stands between inline elements that touch, where the second begins a figure or a sign.

    `<b>ETH</b><i>5,100</i><i>-2%</i>` -> `ETH 5,100 -2%`. A figure in two elements stays one (`12`, `.50`).
    """
    return _TOUCH.sub(lambda touch: _spaced(html, touch), html)


def _spaced(html: str, touch: re.Match[str]) -> str:
    """Digits that touch digits are two figures only if the second is one of its own: `1,234` and `1.14%`."""
    before, begins = html[max(0, touch.start() - 2) : touch.start()], touch[1]
    if not begins or not (before[-1:].isalnum() or before.endswith(("%", ")"))):
        return touch[0]
    both = before[-1].isdigit() and begins[0].isdigit()
    if both and not (before.isdigit() and _FIGURE.fullmatch(begins)):
        return touch[0]
    return " " + touch[0]


_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?", re.IGNORECASE)
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


def _address(tree: HTMLTree) -> str | None:
    """The page's own address by its head: the canonical one, else the one for sharing; only if absolute."""
    for selector, attribute in (("link[rel~=canonical]", "href"), ('meta[property="og:url"]', "content")):
        for node in _nodes(tree, selector):
            if _ABSOLUTE.fullmatch(address := (node.getattr(attribute) or "").strip()):
                return address
    return None


def _published(tree: HTMLTree, site: str | None) -> datetime | None:
    """The article's date by the page's markup; None where it does not say in which zone."""
    printed = []
    for node in _nodes(tree, 'meta[property="article:published_time"], [itemprop="datePublished"]'):
        printed.append(node.getattr("content") or node.getattr("datetime") or node.text or "")
    for node in _nodes(tree, 'script[type="application/ld+json"]'):
        printed += _JSON_DATE.findall(node.text or "")
    return next((when for text in printed if (when := markup_time(text, site)) is not None), None)


def _nodes(tree: HTMLTree, selector: str) -> Iterable[Any]:
    return tree.document.query_selector_all(selector) if tree.document else ()
