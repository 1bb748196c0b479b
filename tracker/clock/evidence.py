"""Where a page prints a date that means something: the block's own, today's, the article's.

Text in, printed dates out; what they are worth is the clock's to say. Each function first looks for the words or the
shape that give a date its meaning and reads dates only there, so a page costs one search and little more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from ..printed.dates import Printed, compiled, date_at, dates_in

Span = tuple[int, int]

# A date beside one of these is the time of what it stands with: the block.
_STANDING = (
    "기준(?!가)", "현재(?!가)", "시점", "업데이트", "갱신", "집계", "as of", "As of", "AS OF", "as at", "As at",
    "Update", "update", "UPDATED", "refreshed", "時点", "現在", "更新", "Stand\\b", "Aktualisiert", "aktualisiert",
    "Mis à jour", "mis à jour", "Actualizado", "actualizado", "Atualizado", "atualizado", "Aggiornato", "aggiornato",
)  # fmt: skip
# A date after (or just before) one of these is when the article came out ...
_ISSUED = (
    "입력", "승인", "등록", "송고", "작성", "발행", "게재", "업로드", "Published", "PUBLISHED", "First published", "Posted",
    "POSTED", "公開", "配信", "投稿", "掲載", "发布", "發布", "Veröffentlicht", "Publié", "Publicado", "Pubblicato",
)  # fmt: skip
# ... and after one of these, when it was last revised: taken if there is nothing better. In prose these words are not
# capitalised: `a report published on March 3` is no label.
_REVISED = (
    "수정", "Updated", "UPDATED", "Last updated", "更新", "Aktualisiert", "Mis à jour", "Actualizado", "Atualizado",
    "Aggiornato",
)  # fmt: skip
# `최종편집시간` on top of a page is of the whole site, and in neither list. Newspapers print their own registration
# and first issue at the foot, in these words' company:
_IMPRINT = "등록번호|발행인|편집인|제호|간별|사업자|신문사업|정기간행물|무단전재|청소년보호"

_STANDING_WORD, _ISSUED_WORD, _LABEL = "|".join(_STANDING), "|".join(_ISSUED), "|".join((*_ISSUED, *_REVISED))
_NOT_THE_BLOCKS = f"{_ISSUED_WORD}|수정|편집"
_GAP = (
    r"(?:일시|일자|일|시간|시각|날짜|日時|日| ?[Dd]ate)?[\s:：|)\]>·,-]{0,6}"
    r"(?:(?:on|at|am|le|el|em|il|den)\s)?(?P<author>by\b)?"
)
_DATE_TAIL = r"[0-9분초시일分秒時日)）][ \u00a0に]{0,2}\Z"
_CLOCK_HINT = r"[0-9](?::[0-5][0-9]|[ \u00a0]?(?:[시時](?![간間])|[AaPp]\.?[Mm])|h[0-5])"
_DAY_HINT = r"[0-9] ?[-./년年월月] ?[0-9]|[A-Za-z] [0-9]"
_FILLER = (
    r"[0-9]{1,3}[ -]min(?:ute)?s?[ -]read|[^\W\d_]{1,10}[ \u00a0]?기자|Uhr"  # what bylines add to a date
)
_WEATHER, _FIGURE, _PRICE, _INK = "℃|°C|맑음|흐림|구름|晴れ|曇り", "[0-9]", "[0-9][0-9.,]{2}|%", r"\S"

_LINE = 120  # a line that is a date and little else is no longer
_TOP_LINES, _TOP_CHARS = 5, 2_000  # where sites print today's date
_HEAD_LINES, _HEAD_CHARS = 40, 8_000  # where they print the article's, below the headline


def block_times(text: str, span: Span, at: int, month_first: bool) -> list[Printed]:
    """Dates with a clock in the span that are the block's: alone on their line, in its heading, or beside a word
    such as 기준 or `as of`; never beside 입력 and the like."""
    heading = _heading(text, span, at, month_first)
    return [
        found
        for line in _lines_with(compiled(_CLOCK_HINT), text, span)
        for found in dates_in(text, *line, month_first)
        if found.clock and (line == heading or _alone(text, line, found) or _stands_for(text, line, found))
        if not _labelled_as_article(text, line, found)
    ]


def block_days(text: str, span: Span, at: int, month_first: bool) -> list[Printed]:
    """Bare days in the span that are the block's: in its heading, or beside a word such as 기준."""
    heading = _heading(text, span, at, month_first)
    lines = [*([heading] if heading else []), *_lines_with(compiled(_STANDING_WORD), text, span)]
    return [
        found
        for line in dict.fromkeys(lines)
        for found in dates_in(text, *line, month_first)
        if not found.clock and (line == heading or _stands_for(text, line, found))
        if not _labelled_as_article(text, line, found)
    ]


def nearest(found: Sequence[Printed], text: str, at: int) -> Printed | None:
    """The last date before the first price, else the first after it. A quote may carry its stamp between name and
    price, so all that stands before the first figure after `at` is before the price."""
    before = [day for day in found if day.start < at or not compiled(_FIGURE).search(text, at, day.start)]
    return before[-1] if before else found[0] if found else None


def top_day(text: str, month_first: bool) -> tuple[Printed, bool] | None:
    """Today's date as sites print it on top: a bare day with its weekday or the weather, within the first lines; and
    whether it is surely that. An English weekday may as well be a blog's way to head an article."""
    count = 0
    for line in _lines(text, _TOP_CHARS):
        weather = compiled(_WEATHER).search(text, *line) is not None
        found = _first_date(text, line, month_first)
        bare = found and not found.clock and not compiled(_ISSUED_WORD).search(text, *line)
        if found and bare and (weather or found.weekday is not None):
            return found, weather or max(text[found.start : found.end]) > "\u3000"  # Hangul, Han, kana
        count += not weather  # a list of towns and their weather may stand before the date
        if count == _TOP_LINES:
            break
    return None


def article_date(text: str, block: Span, month_first: bool) -> Printed | None:
    """The article's date: the first one that is labelled so; else the first that is labelled as its revision and is
    not the block's; else the only day that stands alone on a line near the top, outside the block."""
    issued, revised = _labelled(text, month_first)
    if issued or (revised and not block[0] <= revised.start < block[1]):
        return issued or revised
    return _lone_date(text, block, month_first)


@lru_cache(maxsize=1)  # a page of many blocks is searched once
def _labelled(text: str, month_first: bool) -> tuple[Printed | None, Printed | None]:
    """The first issued and the first revised date of the page."""
    revised: Printed | None = None
    for label in compiled(_LABEL).finditer(text):
        final = text[max(0, label.start() - 3) : label.start()].rstrip().endswith("최종")
        issue = label[0] in _ISSUED and not final
        if revised and not issue:
            continue
        found = _date_beside(text, label, month_first)
        if found and issue:
            return found, revised
        revised = revised or found
    return None, revised


def _date_beside(text: str, label: re.Match[str], month_first: bool) -> Printed | None:
    """The date right after a label, else the one right before it: `2019年10月8日 19:32 配信`."""
    found = _date_after(text, label.end(), month_first) or _date_before(text, label.start(), month_first)
    return None if found and label[0] in ("등록", "발행") and _in_imprint(text, found) else found


def _date_after(text: str, pos: int, month_first: bool) -> Printed | None:
    """The date behind the filler at `pos`: `일시 : `, ` on `, ` by J. Doe, `."""
    gap = compiled(_GAP).match(text, pos)
    if gap is None:
        return None
    if not gap["author"]:
        return date_at(text, gap.end(), len(text), month_first)
    stop = text.find("\n", gap.end(), gap.end() + 80)
    return next(dates_in(text, gap.end(), stop if stop >= 0 else gap.end() + 80, month_first), None)


def _date_before(text: str, pos: int, month_first: bool) -> Printed | None:
    """The date with a clock that ends at `pos`, on the same line: in prose things are issued on days."""
    if not compiled(_DATE_TAIL).search(text, max(0, pos - 3), pos):
        return None
    window = max(text.rfind("\n", max(0, pos - 40), pos) + 1, pos - 40, 0)
    if not compiled(_DAY_HINT).search(text, window, pos):
        return None
    found = list(dates_in(text, window, pos, month_first))
    closed = found and found[-1].clock and not text[found[-1].end : pos].strip(" \u00a0)に")
    return found[-1] if closed else None


def _lone_date(text: str, block: Span, month_first: bool) -> Printed | None:
    """The day with a year that stands alone on a line near the top. Several different ones are no evidence."""
    top = top_day(text, month_first)
    today = top[0] if top and top[1] else None
    lone: list[Printed] = []
    for line in islice(_lines(text, _HEAD_CHARS), _HEAD_LINES):
        found = None if block[0] <= line[0] < block[1] else _first_date(text, line, month_first)
        if found and found.year and found != today and _alone(text, line, found):
            lone += () if _in_imprint(text, found) else (found,)
    days = {(d.year, d.month, d.day) for d in lone}
    return lone[0] if len(days) == 1 else None


def _in_imprint(text: str, found: Printed) -> bool:
    """The words around the date are those of a newspaper's imprint."""
    return compiled(_IMPRINT).search(text, max(0, found.start - 100), found.end + 100) is not None


def _first_date(text: str, line: Span, month_first: bool) -> Printed | None:
    """The first date of a short line."""
    if line[1] - line[0] > _LINE or not compiled(_FIGURE).search(text, *line):
        return None
    return next(dates_in(text, *line, month_first), None)


def _heading(text: str, span: Span, at: int, month_first: bool) -> Span | None:
    """The span's first line, if it is short, stands before the first quote and holds no figure but dates."""
    first = compiled(_INK).search(text, *span)
    if first is None:
        return None
    line = _line_around(text, first.start(), span)
    if line[1] - line[0] > _LINE or line[0] <= at < line[1]:
        return None
    rest = "".join(_without(text, line, list(dates_in(text, *line, month_first))))
    return None if compiled(_PRICE).search(rest) else line


def _alone(text: str, line: Span, found: Printed) -> bool:
    """Nothing but punctuation stands beside the date on its line."""
    if line[1] - line[0] > _LINE:
        return False
    rest = compiled(_FILLER).sub("", "\n".join(_without(text, line, [found])))
    return not any(map(str.isalnum, rest))


def _stands_for(text: str, line: Span, found: Printed) -> bool:
    """A word beside the date makes it the time of the figures."""
    near = max(line[0], found.start - 30), min(line[1], found.end + 15)
    return compiled(_STANDING_WORD).search(text, *near) is not None


def _labelled_as_article(text: str, line: Span, found: Printed) -> bool:
    """A word beside the date makes it the article's, or the whole site's."""
    near = max(line[0], found.start - 20), min(line[1], found.end + 6)
    return compiled(_NOT_THE_BLOCKS).search(text, *near) is not None


def _without(text: str, line: Span, dates: Sequence[Printed]) -> Iterator[str]:
    """What the line holds between the dates."""
    pos = line[0]
    for found in dates:
        yield text[pos : found.start]
        pos = found.end
    yield text[pos : line[1]]


def _lines(text: str, limit: int) -> Iterator[Span]:
    """The lines within text[:limit] that are not blank; one that runs on beyond the limit is not among them."""
    pos, size = 0, len(text)
    while pos < min(limit, size):
        stop = text.find("\n", pos, limit)
        if stop < 0 and limit < size:
            return
        stop = size if stop < 0 else stop
        if compiled(_INK).search(text, pos, stop):
            yield pos, stop
        pos = stop + 1


def _lines_with(pattern: re.Pattern[str], text: str, span: Span) -> Iterator[Span]:
    """Each line of the span in which the pattern is found, once."""
    pos = span[0]
    while hit := pattern.search(text, pos, span[1]):
        line = _line_around(text, hit.start(), (pos, span[1]))
        yield line
        pos = line[1]


def _line_around(text: str, pos: int, span: Span) -> Span:
    stop = text.find("\n", pos, span[1])
    return max(text.rfind("\n", span[0], pos) + 1, span[0]), stop if stop >= 0 else span[1]
