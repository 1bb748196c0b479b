"""Bytes -> text: by declaration, then UTF-8, then CP949; and mojibake undone."""

from __future__ import annotations

import codecs
import re

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
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF", b"\x7fELF", b"MZ\x90", b"wOFF", b"wOF2", b"OggS",
)  # fmt: skip
# Python has codecs that are no encoding of a page: hex, unicode_escape, idna.
_ENCODING = re.compile(
    r"utf-(?:8|16|32)(?:-[bl]e)?|ascii|cp\d+|iso8859-\d+|koi8-[rtu]|mac-\w+|tis-620|johab|hz"
    r"|(?:euc|iso2022|shift)_\w+|gb2312|gbk|gb18030|big5(?:hkscs)?"
)


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
            name = codecs.lookup(meant).name if meant else ""
        except (LookupError, ValueError):
            continue
        if _ENCODING.fullmatch(name):
            return name
    return None


def _label_in(data: bytes) -> str | None:
    """What markup says in its head. Text that speaks of a charset declares none."""
    head = data[:2048].lstrip()
    if not head.startswith(b"<") or not (b"charset" in head or b"encoding" in head or b"CHARSET" in head):
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


_LATIN_RUN = re.compile(rb"[\xa1-\xff]{2}")
_BROKEN = re.compile("[\0\ud800-\udfff]")


def repaired(text: str) -> tuple[str, bool]:
    """The text with its mojibake undone, and whether anything was changed.

    Korean (CP949) or UTF-8 that was read as Latin-1, if the whole text goes back to bytes and those are such a text.
    Lone surrogates and NULs, which no store takes, become U+FFFD.
    """
    if _is_broken(text):
        return _BROKEN.sub("\ufffd", text), True
    data = None if text.isascii() else _latin_bytes(text)
    if data is None or not _LATIN_RUN.search(data):
        return text, False
    for codec in ("utf-8", "cp949"):
        try:
            other = data.decode(codec)
        except ValueError:
            continue
        if codec == "utf-8" or _is_korean(other):
            return other, True
    return text, False


def _is_broken(text: str) -> bool:
    """Holds a NUL or a lone surrogate, which UTF-8 cannot spell: many times as fast as to look at each character."""
    try:
        return b"\0" in text.encode()
    except UnicodeEncodeError:
        return True


_C1_KEPT = {ord(bytes([b]).decode("cp1252", "ignore") or chr(b)): b for b in range(0x80, 0xA0)}


def _latin_bytes(text: str) -> bytes | None:
    """The bytes that read as Latin-1, the way browsers read it, give the text; None if there are none."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError as error:
        # Kept by browsers where cp1252 has nothing, and by Latin-1 always.
        if not "\x80" <= text[error.start] <= "\x9f":
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
