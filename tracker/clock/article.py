"""The article's date, and today's, as the page's words print them.

Text in, printed dates out; what they are worth is the ladder's to say. Each function first looks for the words or the
shape that give a date its meaning and reads dates only there, so a page costs one search and little more.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from ..printed.dates import Printed, compiled, date_at, dates_in
from .lines import FIGURE, LINE, Span, alone, lines, words

# A date after (or just before) one of these is when the article came out ...
_ISSUED = (
    "입력", "승인", "등록", "송고", "작성", "발행", "게재", "업로드", "Published", "PUBLISHED", "First published", "Posted",
    "POSTED", "公開", "配信", "投稿", "掲載", "发布", "發布", "Veröffentlicht", "Publié", "Publicado", "Pubblicato",
    "entry was posted", "Beitrag wurde",
)  # fmt: skip
# ... and after one of these, when it was last revised: taken if there is nothing better. In prose these words are not
# capitalised: `a report published on March 3` is no label.
_REVISED = (
    "수정", "Updated", "UPDATED", "Last updated", "更新", "Aktualisiert", "Mis à jour", "Actualizado", "Atualizado",
    "Aggiornato",
)  # fmt: skip
_NOT_ISSUED = (
    r"(?i)\b(?:next|event|upcoming|until|ends|deadline|register|save the date|nächste[rs]?|prochaine?|próxim[oa]"
    r"|last (?:modified|edited|updated|changed|reviewed)|zuletzt (?:geändert|bearbeitet|aktualisiert))\b|다음|행사"
)
_SENTENCE_END = r"[^\W\d_]{2}[.!?。](?=\s|\Z)"
_READ = 1 << 20  # characters of a page in which every date is looked at
_BY_READERS = (
    "작성",
    "등록",
    "Posted",
    "POSTED",
    "投稿",
    "Publié",
    "Publicado",
    "Pubblicato",
    "Veröffentlicht",
)
_REVISIONS = 3  # of so many a page, one may be the block's own
# `최종편집시간` on top of a page is of the whole site, and in neither list. Newspapers print their own registration
# and first issue at the foot, in these words' company:
_IMPRINT = "등록번호|발행인|편집인|제호|간별|사업자|신문사업|정기간행물|무단전재|청소년보호"

_ISSUED_WORD, _LABEL = "|".join(_ISSUED), rf"(?<![A-Za-z])(?:{'|'.join((*_ISSUED, *_REVISED))})"
_GAP = (
    r"(?:일시|일자|일|시간|시각|날짜|日時|日| ?[Dd]ate)?[\s:：|)\]>·,-]{0,6}"
    r"(?:vor )?(?:(?:on|at|am|le|el|em|il|den)\s)?(?P<author>by\b)?"
)
_DATE_TAIL = r"[0-9분초시일分秒時日)）][ \u00a0に]{0,2}\Z"
_DAY_HINT = r"[0-9] ?[-./년年월月] ?[0-9]|[A-Za-z] [0-9]"
_FILLER = (
    r"[0-9]{1,3}[ -]min(?:ute)?s?[ -]read|[^\W\d_]{1,10}[ \u00a0]?기자|Uhr"  # what bylines add to a date
)
_BY = r"(?<![^\W\d_])(?:By|BY|by|Von|von|Par|par|Por|por|Di|di|Text|Autor|Author|文)[ \u00a0:：]{1,2}(?=[A-ZÀ-ÞÉ一-龠가-힣])"
_NAME = r"[ \t]{0,8}[A-ZÀ-Þ][\w.'’-]{0,20}(?: [A-ZÀ-Þ][\w.'’-]{0,20}){1,2} ?[·|•–—,] ?"  # before a date: `Jane Doe · `
_COMMENTS = (
    r"(?im)^[ \t•]{0,8}(?:[0-9]{1,4} )?(?:(?:reader |user )?comments?|댓글|kommentare?|commentaires?|comentarios?|commenti"
    + (r"|comentários?|コメント|responses?|réactions?|replies)(?: ?[:(]?[0-9]{0,4}\)?)?[ \t:]{0,4}$")
)
_PATH_DAY = r"(?<=[/_-])((?:19|20)[0-9]{2})([/-]?)(0[1-9]|1[0-2])\2([0-3][0-9])(?=[/_-]|\.|$)"
_WEATHER = "℃|°C|맑음|흐림|구름|晴れ|曇り"

_TOP_LINES, _TOP_CHARS = 5, 2_000  # where sites print today's date
_HEAD_LINES, _HEAD_CHARS = 40, 8_000  # where they print the article's, below the headline


def top_day(text: str, month_first: bool) -> tuple[Printed, bool] | None:
    """Today's date as sites print it on top: a bare day with its weekday or the weather, within the first lines; and
    whether it is surely that. An English weekday may as well be a blog's way to head an article."""
    count = 0
    for line in lines(text, _TOP_CHARS):
        weather = compiled(_WEATHER).search(text, *line) is not None
        found = _first_date(text, line, month_first)
        bare = found and not found.clock and not compiled(_ISSUED_WORD).search(text, *line)
        if found and bare and (weather or found.weekday is not None):
            return found, weather or max(text[found.start : found.end]) > "\u3000"  # Hangul, Han, kana
        count += not weather  # a list of towns and their weather may stand before the date
        if count == _TOP_LINES:
            break
    return None


def labelled_date(text: str, block: Span, month_first: bool, own: Container[int]) -> Printed | None:
    """The article's date by the words beside it: the first one that is labelled so; else the first that is labelled
    as its revision, and stands outside the block.

    own: where dates begin that are the block's own, and so no article's."""
    issued, revised = _labelled(text, month_first)
    if issued and issued.start not in own:
        return issued
    outside = (day for day in revised if not block[0] <= day.start < block[1] and day.start not in own)
    return next(outside, None)


def byline_date(text: str, block: Span, month_first: bool, own: Container[int]) -> Printed | None:
    """The day with a year in a byline near the top: `By Jane Doe | May 22, 2018`."""
    return _agreed(d for line, d in _top_dates(text, block, month_first, own) if _in_byline(text, line, d))


def lone_date(text: str, block: Span, month_first: bool, own: Container[int]) -> Printed | None:
    """The day with a year that stands alone on a line near the top."""
    every = _top_dates(text, block, month_first, own)
    return _agreed(d for line, d in every if alone(text, line, (d.start, d.end), _FILLER))


def _agreed(several: Iterable[Printed]) -> Printed | None:
    """The first, if all are of one day: several different ones are no evidence."""
    found = list(several)
    return found[0] if found and all(day.on_day(found[0]) for day in found) else None


def _top_dates(
    text: str, block: Span, month_first: bool, own: Container[int]
) -> Iterator[tuple[Span, Printed]]:
    """The lines near the top, outside the block, that hold a day with its year, and that is not today's."""
    top = top_day(text, month_first)
    today = top[0] if top and top[1] else None
    comments = compiled(_COMMENTS).search(text, block[1], max(block[1], _HEAD_CHARS))
    for line in islice(lines(text, comments.start() if comments else _HEAD_CHARS), _HEAD_LINES):
        found = None if block[0] <= line[0] < block[1] else _first_date(text, line, month_first)
        if found is None or not found.year or found == today or found.start in own:
            continue
        if not _in_imprint(text, found):
            yield line, found


def _in_byline(text: str, line: Span, found: Printed) -> bool:
    """`By Jane Doe | May 22, 2018`, `22.05.2018 13:30 von Olga`: a name, the date, and little else."""
    name = compiled(_NAME).match(text, line[0], found.start)
    if name and name.end() == found.start:
        return not words(text[found.end : line[1]])
    by = compiled(_BY).search(text, *line)
    if by is None or found.start <= by.start() < found.end:
        return False
    rest = text[line[0] : found.start] + " " + text[found.end : line[1]]
    lead = text[line[0] : min(by.start(), found.start)]
    return len(words(rest)) <= 9 and len(words(lead)) <= 2


def has_prose(text: str) -> bool:
    """There is a sentence: a page of headlines and lists has no article that could have a date."""
    return any(text.rfind("\n", max(0, end.start() - 40), end.start()) < 0 <= end.start() - 40
               for end in compiled(_SENTENCE_END).finditer(text))  # fmt: skip


def of_others(text: str, day: Printed, month_first: bool, own: Container[int]) -> bool:
    """The page's words print that day, and only where it is of something else: the block, readers' comments, a list of
    dated headlines, an event, a revision."""
    every = _every_date(text, month_first)
    comments = compiled(_COMMENTS).search(text)
    behind = comments.start() if comments else len(text)
    places = [i for i, found in enumerate(every) if found.on_day(day)]
    return bool(places) and all(
        every[i].start in own or every[i].start > behind or _is_item(text, every, i) for i in places
    )


@lru_cache(maxsize=1)
def _every_date(text: str, month_first: bool) -> tuple[Printed, ...]:
    return tuple(dates_in(text, 0, min(len(text), _READ), month_first))


def _is_item(text: str, every: Sequence[Printed], i: int) -> bool:
    """A dated headline in a list of such, an event, a revision."""
    said = _said(text, every[i])
    if compiled(_NOT_ISSUED).search(said[0]):
        return True
    near = (other for other in every[max(0, i - 1) : i + 2] if abs(other.start - every[i].start) < 2 * LINE)
    return len(words(" ".join(said))) > 2 and any(_said(text, other) != said for other in near)


def _said(text: str, found: Printed) -> tuple[str, str]:
    """What stands before and behind a date on its line, not further than a line goes."""
    start = max(text.rfind("\n", max(0, found.start - LINE), found.start) + 1, found.start - LINE, 0)
    stop = text.find("\n", found.end, found.end + LINE)
    return text[start : found.start].strip(), text[
        found.end : stop if stop >= 0 else found.end + LINE
    ].strip()


def day_of_address(url: str | None) -> Printed | None:
    """The day in a page's address: `/2018/06/28/`, `/20200428/`, `/2018-06-28-title`; only in its path, and only if
    there is one."""
    try:
        path = urlsplit(url or "").path
        days = {date(int(m[1]), int(m[3]), int(m[4])) for m in compiled(_PATH_DAY).finditer(path[:2_000])}
    except ValueError:  # no address, or no such day
        return None
    return Printed(0, 0, *days.pop().timetuple()[:3]) if len(days) == 1 else None


@lru_cache(maxsize=1)  # a page of many blocks is searched once
def _labelled(text: str, month_first: bool) -> tuple[Printed | None, tuple[Printed, ...]]:
    """The first issued and the first few revised dates of the page."""
    comments = compiled(_COMMENTS).search(text)
    revised: list[Printed] = []
    for label in compiled(_LABEL).finditer(text):
        final = text[max(0, label.start() - 3) : label.start()].rstrip().endswith("최종")
        issue = label[0] in _ISSUED and not final
        reader = comments and label.start() > comments.start() and label[0] in _BY_READERS
        if reader or (len(revised) == _REVISIONS and not issue):
            continue
        found = _date_beside(text, label, month_first)
        if found and issue and not _in_item(text, found):
            return found, tuple(revised)
        revised += (found,) if found and not issue else ()
    return None, tuple(revised)


def _in_item(text: str, found: Printed) -> bool:
    """In one of several list items that says more than its date: a headline with its time."""
    start = text.rfind("\n", max(0, found.start - LINE), found.start) + 1
    stop = text.find("\n", found.end, found.end + LINE)
    if stop < 0 or not text.startswith("•", start + 2) or not text.startswith("  •", stop + 1):
        return False
    return len(words(text[found.end : stop])) > 2


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


def _in_imprint(text: str, found: Printed) -> bool:
    """The words around the date are those of a newspaper's imprint."""
    return compiled(_IMPRINT).search(text, max(0, found.start - 100), found.end + 100) is not None


def _first_date(text: str, line: Span, month_first: bool) -> Printed | None:
    """The first date of a short line."""
    if line[1] - line[0] > LINE or not compiled(FIGURE).search(text, *line):
        return None
    return next(dates_in(text, *line, month_first), None)
