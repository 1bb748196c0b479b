"""A page's text -> a stream of parts: words and figures, each knowing its cell. Pure; knows no coin.

A cell is what stands between line breaks, pipes, tabs and bullets. Most blocks print one cell or one row on a line;
both become the same stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from ..printed.figures import FIGURE, Figure, figure_of, narrow

_INSIDE = r"[^\n\r\v\f|\t•·▪◦●■◆│┃║┆┊ㅣ※\u2028\u2029\x85]+"
_CELL = re.compile(rf"{_INSIDE}(?:(?<=\S)·(?=\S){_INSIDE})*+")  # `리플(1190원·-10.86%)` is one cell
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_ORNAMENT = re.compile(
    "^[\\s\U0001f000-\U0001faff\u2190-\u2bff\ufe0f\u200d]+|[\\s\U0001f000-\U0001faff\u2190-\u2bff\ufe0f\u200d]+$"
)
_GAP = re.compile(r"(?<=[^\s.!?])[ \u00a0]{2,}(?=\S)")  # not the two blanks that some set between sentences
_PLAIN = "\u200c"  # no ornament stands before it
_NOISE = " \u00a0\u202f:*()[]{}<>,.;-–—=~·`\"'“”‘’!?/\\▲△▼▽↑↓■"

_ESCAPED = re.compile(r"\\([-+])(?=[\s\d])")
_ALONE = re.compile(  # a line that is a currency's mark or a sign, before one that begins with a figure
    r"(?:(?<=\n)|^)([ \t]*)([$€£₩₹¥+\-−▲▼△▽])[ \t]*\n+[ \t]*(?=\d[\d.,₀-₉]*[ \t]*(?:\n|$))"
)
_CODED = {  # pictures as chats write them
    ":chart_with_upwards_trend:": "📈", ":chart_with_downwards_trend:": "📉", ":arrow_up:": "⬆", ":arrow_down:": "⬇",
    ":arrow_up_small:": "🔺", ":arrow_down_small:": "🔻", ":small_red_triangle:": "🔺",
    ":small_red_triangle_down:": "🔻",
}  # fmt: skip
_CODE = re.compile(r":[a-z_]{8,30}:(?=[ `*]{0,4}\(?\d)")
_BEHIND = re.compile(r"(?<=\d)[ \t]*\n+[ \t]*(?=%[ \t]*(?:\n|$))")  # a line that is a percent's mark
# A year and twice the same mark: `3512.20 -0.41%` is no date.
_DAY = "|".join(
    rf"(?:19|20)\d\d\s?{one}\s?\d{{1,2}}\s?{two}\s?\d{{1,2}}{end}"
    for one, two, end in (
        ("-", "-", ""),
        ("\\.", "\\.", ""),
        ("/", "/", ""),
        ("[년年]", "[월月]", r"(?:\s?[일日])?"),
    )
)
# Numbers that are no figures: dates, clocks, ranks, and those that a word goes on with (24h, 7일, 2nd).
_NO_FIGURE = (
    rf"(?=[\d#№])(?<![\d.,])(?i:(?:{_DAY})(?![\d%,])"
    r"|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})(?![\d%.,])|\d{1,2}\s?[월月]\s?\d{1,2}\s?[일日]"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?(?:\s?[ap]\.?m\b)?|\d{1,2}/\d{1,2}(?![\d%/.,])|[#№]\s?\d{1,5}(?![\d.,])"
    r"|\d{1,2}\s?[시時点](?![가-힣])|\d{1,3}(?:st|nd|rd|th)\b|\d{1,3}(?:\.\d)?\s?[℃°]"
    r"|\d{1,4}[\s-]?(?:hours?|hrs?|h|days?|d|weeks?|w|months?|mo|minutes?|mins?|years?|yr|y"
    r"|jam|saat|giờ|hari|ngày|uur|timmar|timer|godz|hod|час(?:ов|а)?"
    r"|시간|일|주일?|개월|년|분|時間|日間?|小时|小時|天|年|ชม\.?|วัน|std|stunden|tage?|jours?|heures?|d[ií]as?|horas?|ore|дн|ч)"
    r"(?![A-Za-z가-힣\u4e00-\u9fff]))"
)
# Digits behind a point that no figure begins with (`No.5`, `U.S.5123`) are taken together: none of them is a figure.
_UNREAD = r"\.(?<![.\d]\.)\d[\d.,]{0,40}"

_Reader = Callable[[str, int, int, int, "list[Part]"], None]


@dataclass(frozen=True, slots=True)
class Part:
    """Words, or one figure.

    text        the words without the punctuation around them; a figure as printed
    figure      None for words
    cell        number of its cell; empty cells are not counted
    start, end  span in the page's text
    counted     a comma stands before these words: a sentence counts things up
    converted   `≈` stands before this figure: the one before it, in other money
    """

    text: str
    figure: Figure | None
    cell: int
    start: int
    end: int
    counted: bool = False
    converted: bool = False

    @property
    def bare(self) -> bool:
        """A figure that is a plain small integer: a rank, a count, the 500 of an index."""
        if self.figure is None:
            return False
        digits = self.figure.digits
        return digits.isdecimal() and len(digits) <= 4 and self.text.strip("# .()") == digits


def is_conversion(before: Part, part: Part) -> bool:
    """Whether a figure is the one before it in other money: `$48,234 ≈￥345,678`, `US$8.95 (ARS $13.070)`."""
    one, two = before.figure, part.figure
    if one is None or two is None:
        return False
    other = two.money and one.money and two.currency != one.currency
    return part.converted or (two.bracketed and other and not two.percent and not two.sign)


@cache
def _scanner() -> re.Pattern[str]:
    return re.compile(rf"(?:[(\[](?=\d))?{_NO_FIGURE}|{FIGURE}|{_UNREAD}")


@lru_cache(maxsize=1)  # every reader of a page's lines asks for them
def page_parts(text: str) -> tuple[Part, ...]:
    """All parts of a page's text as it stands."""
    return tuple(parts(narrow(mended(text))))


def mended(text: str) -> str:
    """Figures that an extractor tore over lines, `$`, `87,449.85`, `-`, `0.84`, `%`, in one line each; a sign without
    Markdown's escape. The length never changes."""
    if "\\" in text:
        text = _ESCAPED.sub(r" \1", text)
    if ":" in text:
        text = _CODE.sub(_pictured, text)
    if "`" in text:
        text = text.replace("`", " ")
    if _ALONE.search(text) is None:
        return text
    return _BEHIND.sub(lambda torn: " " * len(torn[0]), _ALONE.sub(_joined, text))


def _pictured(code: re.Match[str]) -> str:
    """The picture that a code stands for, next to what follows."""
    return _CODED.get(code[0], code[0]).rjust(len(code[0]))


def _joined(torn: re.Match[str]) -> str:
    """A mark and the line break behind it: the mark stands next to its figure."""
    return torn[1] + " " * (len(torn[0]) - len(torn[1]) - len(torn[2])) + torn[2]


def parts(text: str) -> list[Part]:
    """All parts of a page in order; `text` went through `values.narrow`. Linear in the text's length."""
    found: list[Part] = []
    number = 0
    words = _columns if _GAP.search(text) else _words
    for match in _CELL.finditer(text):
        before = len(found)
        start, end = match.span()
        if _DIGIT.search(text, start, end):
            _scan(text, start, end, number, found, words)
        else:
            words(text, start, end, number, found)
        number += len(found) > before
    return found


def _scan(text: str, start: int, end: int, cell: int, found: list[Part], words: _Reader) -> None:
    """One cell that holds digits: its words and figures in order."""
    last = start
    for match in _scanner().finditer(text, start, end):
        if match["digits"] is None or not _stands_alone(text, match):
            continue
        figure = figure_of(match)
        words(text, last, figure.start, cell, found)
        about = text[max(start, figure.start - 3) : figure.start].rstrip().endswith("≈")
        found.append(Part(match.group(), figure, cell, figure.start, figure.end, converted=about))
        last = figure.end
    words(text, last, end, cell, found)


def _columns(text: str, start: int, end: int, cell: int, found: list[Part]) -> None:
    """Words of a cell; where blanks set columns apart, each column's for themselves."""
    at = start
    for gap in _GAP.finditer(text, start, end):
        _words(text, at, gap.start(), cell, found)
        at = gap.end()
    _words(text, at, end, cell, found)


def _words(text: str, start: int, end: int, cell: int, found: list[Part]) -> None:
    words = text[start:end].strip()
    if words and (words[0] > _PLAIN or words[-1] > _PLAIN):
        words = _ORNAMENT.sub("", words)
    words = words.strip(_NOISE)
    if words and (_LETTER.search(words) or _DIGIT.search(words) or "%" in words):
        closed = ")" if words.count("(") > words.count(")") else ""
        found.append(
            Part(words + closed, None, cell, start, end, text[start:end].lstrip()[:1] in (",", ";", "、"))
        )


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether digits beside letters are a figure that an extractor glued to a word (`비트코인8,692,000`,
    `BTC264-1.5%`), not a part of that word (`F2`, `1inch`, `3개`, `2.6%p`)."""
    start, end = match.span()
    plain = match["digits"].isdecimal() and not match["percent"]
    set_apart = match["before"] or (match["open"] and match["after"])  # `리플(1190원`
    if plain and start and text[start - 1].isalpha() and not set_apart:
        return not match["sign"] and bool(re.match("[+▲▼△▽-]", text[end : end + 1]))
    if end < len(text) and text[end].isalpha() and not match["after"]:
        tail = text[end : end + 12]
        if match["percent"]:
            return not re.match(r"p\b|포인트|point", tail)
        if tail[0] >= "\u3040":  # 1,204명
            return False
        return not plain and not match["unit"] and not re.match(r"[a-z]{1,3}\b", tail)
    return True
