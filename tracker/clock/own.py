"""The block's own time: a date, a clock or an age that its words, or its place in the block's head or foot, make its own.

A time belongs to the item it stands in: a headline, a comment, an event, a byline beside a list of prices says nothing
of the prices. So a time counts only with words that say so (`as of`, 기준, Stand …), or alone in the block's own head
or foot. `Updated` and its like are as often the article's: below a headline or a byline they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..printed.clocks import Age, Clock, age_in, clock_in
from ..printed.dates import Printed, compiled, dates_in
from .lines import (
    FIGURE,
    INK,
    LINE,
    Span,
    alone,
    first_ink,
    line_after,
    line_around,
    line_before,
    lines_with,
    without,
    words,
)  # fmt: skip

# A time beside one of these is that of the figures ...
_AS_OF = (
    "기준(?!가)", "현재(?!가)", "시점", "집계", r"\b[Aa]s (?:of|at|on)\b", r"\bAS OF\b", "時点", "現在(?!価)", "截至",
    r"\bStand\b:?(?= |\n)", r"\b(?:Kurs|Daten)stand\b", r"\bKurse vom\b", r"\b[Cc]ours (?:au|du|à)\b",
    r"\b(?:[Éé]tat|[Dd]onnées) au\b",
    r"\b[Dd]atos (?:a|al|del?)\b", r"\b[Pp]recios (?:a|al|del?)\b", r"\b[Dd]ati al\b", r"\b[Dd]ados de\b",
    r"\b(?:[Pp]rices?|[Qq]uotes?|[Rr]ates|[Dd]ata) (?:at|from|on|taken|captured|retrieved|collected)\b",
)  # fmt: skip
# ... and beside one of these, unless the article was revised.
_UPDATED = (
    "업데이트", "갱신", r"\b[Uu]pdated?\b", r"\bUPDATED?\b", r"\b[Uu]pdate:", r"\b[Rr]efreshed\b", "更新",
    r"\b[Aa]ktualisiert\b", r"\bAktualisierung\b", r"\b[Mm]ise? à jour\b", r"\b[Aa]ctualis(?:é|ation)\b",
    r"\b[Aa]ctualizad[oa]s?\b", r"\b[Aa]ctualización\b", r"\b[Aa]tualizad[oa]s?\b", r"\b[Aa]tualização\b",
    r"\b[Aa]ggiornat[oi]\b", r"\b[Aa]ggiornamento\b", r"\b[Bb]ijgewerkt\b",
)  # fmt: skip
_AS_OF_WORD, _STANDING_WORD = "|".join(_AS_OF), "|".join((*_AS_OF, *_UPDATED))
_OTHERS = (  # what is not the block's: the article's dates, the site's, what is still to come, what readers say
    "입력|승인|등록|송고|작성|발행|게재|업로드|수정|편집|公開|配信|投稿|掲載|发布|發布|기사"
    r"|(?i:\b(?:publi(?:shed|é|cado|cato)|veröffentlicht|posted|modified|edited|next|nächste[rs]?|prochaine?|próxim[oa]"
    r"|page|article|artikel|artículo|articolo|artigo|story|site|website|policy|version|terms|comments?|commented"
    r"|events?|starts?|begins?|until|ends?)\b)|다음|댓글|次回|次の"
)
_BYLINE = r"\b(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]i) [A-Z]|기자|記者"
_CLOCK_HINT = (
    r"[0-9](?::[0-5][0-9]|[ \u00a0]?(?:[시時](?![간間])|[AaPp]\.?[Mm]|Uhr)"
    r"|[ \u00a0]?h[ \u00a0]?[0-5]|\.[0-5][0-9] )"
)
_AGE_HINT = (
    r"[0-9] ?(?:초|분|시간) ?전|[0-9](?:分钟?|分鐘|時間|小时|秒)前|\bago\b|[Jj]ust now|방금|\bvor (?:[0-9]|ein)"
    + (r"|\bil y a |\b[Hh]ace |\b[Hh]á | fa\b|geleden|l['’]instant|gerade eben|たった今|刚刚")
)
_PRICES = (  # a heading that is made of these alone is that of a list of prices
    r"실시간|오늘의?|주요|최신|가상 ?자산|암호 ?화폐|가상 ?화폐|코인|비트코인|시세표?|가격|현황|시장|정보|순위|거래소"
    r"|暗号資産|仮想通貨|相場|価格|レート|リアルタイム|チャート|情報|一覧|行情|加密货币|实时|价格"
    r"|(?i:\b(?:live|latest|current|top|real[- ]?time|crypto(?:currenc(?:y|ies))?s?|coins?|digital|virtual|assets?"
    r"|currenc(?:y|ies)|bitcoin|prices?|markets?|quotes?|rates?|ticker|watch(?:list)?|data|overview|list|table|today"
    r"|kurse?|krypto(?:währungen|kurse)?|aktuelle?|preise?|märkte|marktdaten|übersicht|cours|prix|marchés?|des|du|de|la|las"
    r"|los|les|der|die|cryptomonnaies?|cryptos|en|direct|precios?|cotizaci(?:ón|ones)|criptomonedas?|mercados?|del"
    r"|vivo|cotaç(?:ão|ões)|criptomoedas?|preços?|prezzi|quotazioni|criptovalute|mercati|and|und|et|y|e|the|of)\b)"
    r"|\b[0-9]{1,2}h?\b"
)
_LAST = (  # words that lead `updated`, and say no more than it does
    r"(?i:\b(?:last|all|source|times?|zuletzt|letzte|dernière|última|último|ultimo|laatst)\b)|마지막|최종|최근|最終|最后|データ|数据"
)
_PROSE_END = ".다!?。…"
FILLER = r"Uhr|현지시간|로컬|local time|(?<![^\W\d_])(?:am|um|le|à|el|at|on|den)(?![^\W\d_])"
_PRICE = "[0-9][0-9.,]{2}|%"

Own = Callable[
    [Span, Span], bool
]  # whether what stands at the first place is in the head or foot of the block there
Told = Printed | Clock | Age


@dataclass(frozen=True, slots=True)
class Place:
    """A block in its page.

    span         where it stands, with its head and foot as far as they are known
    at           its first quote
    month_first  of a yearless pair, see dates.dates_in
    own          asks the markup what stands in the block's own box; None: the span holds head and foot and no more
    """

    text: str
    span: Span
    at: int
    month_first: bool
    own: Own | None = None


def block_times(place: Place) -> list[Printed]:
    """Dates with a clock that are the block's: by the words beside them, else alone in its head or foot."""
    return [
        found for found in _told(place, _CLOCK_HINT, _dates) if isinstance(found, Printed) and found.clock
    ]


def block_days(place: Place) -> list[Printed]:
    """Bare days that are the block's: in its heading, or by the words beside them."""
    found = _told(place, "[0-9]", _dates)
    return [day for day in found if isinstance(day, Printed) and not day.clock]


def block_clocks(place: Place) -> list[Clock | Age]:
    """Clocks without a date and ages that are the block's; they tell a time only beside a capture."""
    return [
        found
        for found in _told(place, f"{_CLOCK_HINT}|{_AGE_HINT}", _clocks)
        if isinstance(found, Clock | Age)
    ]


def nearest(found: Sequence[Printed], text: str, at: int) -> Printed | None:
    """The last date before the first price, else the first after it. A quote may carry its stamp between name and
    price, so all that stands before the first figure after `at` is before the price."""
    before = [day for day in found if day.start < at or not compiled(FIGURE).search(text, at, day.start)]
    return before[-1] if before else found[0] if found else None


def _dates(place: Place, line: Span) -> Iterator[Told]:
    yield from dates_in(place.text, *line, place.month_first)


def _clocks(place: Place, line: Span) -> Iterator[Told]:
    """At most one of a line: where it is one that holds a date, that is the time."""
    if line[1] - line[0] <= LINE and not any(dates_in(place.text, *line, place.month_first)):
        found = age_in(place.text, *line) or clock_in(place.text, *line)
        yield from (found,) if found else ()


def _told(place: Place, hint: str, read: Callable[[Place, Span], Iterator[Told]]) -> list[Told]:
    """What the lines in and around the block tell of its time."""
    above, below = _around(place)
    inside = [(line, True) for line in lines_with(compiled(hint), place.text, place.span)]
    heading = _heading(place)
    return [
        found
        for line, within in [*((line, False) for line in above), *inside, *((line, False) for line in below)]
        if compiled(hint).search(place.text, *line)
        for found in read(place, line)
        if _is_own(place, line, found, heading, within)
    ]


def _is_own(place: Place, line: Span, found: Told, heading: Span | None, inside: bool) -> bool:
    text = place.text
    near = max(line[0], found.start - 24), min(line[1], found.end + 12)
    if compiled(_OTHERS).search(text, *near):
        return False
    listed = not inside and text[slice(*line)].lstrip().startswith("•")
    if listed and not _stands_in(place, line, found, inside):
        return False
    if _by_words(place, line, found, inside):
        return True
    if isinstance(found, Clock):
        return False  # a clock alone may be of anything
    filler = FILLER if place.own is None else f"{FILLER}|{_PRICES}"
    lone = alone(text, line, (found.start, found.end), filler)
    if isinstance(found, Printed) and not found.clock and place.own is None:
        lone = False  # by its lines alone a bare day behind the rows may head what follows
    if not (lone or (line == heading and not isinstance(found, Age))):
        return False
    if isinstance(found, Age) and lone and first_ink(text, line[0]):
        return True
    return _stands_in(place, line, found, inside)


def _stands_in(place: Place, line: Span, found: Told, inside: bool) -> bool:
    """In the block's own head or foot: by the markup; else between a heading that says prices and the first row."""
    if place.own is None:
        return inside
    if line[1] <= place.at and _is_price_heading(place.text, line_before(place.text, line[0])):
        return True
    return place.own((found.start, found.end), (place.at, place.span[1]))


def _by_words(place: Place, line: Span, found: Told, inside: bool) -> bool:
    """Words beside a time make it that of the figures."""
    text = place.text
    near = max(line[0], found.start - 30), min(line[1], found.end + 15)
    label = compiled(_STANDING_WORD).search(text, *near)
    if label is None:
        return _label_above(place, line, found)
    if not inside and _is_item(text, line, found, label.span()):
        return False
    if compiled(_AS_OF_WORD).search(text, *near):
        return True
    byline = compiled(_BYLINE).search(text, max(line[0], found.start - 60), min(line[1], found.end + 30))
    return not byline and (line[0] > place.at or not _below_a_headline(place, line))


def _label_above(place: Place, line: Span, found: Told) -> bool:
    """`Updated` on a line of its own, the time on the next."""
    if not alone(place.text, line, (found.start, found.end), FILLER):
        return False
    above = line_before(place.text, line[0])
    if above is None or above[1] - above[0] > 24 or compiled(_OTHERS).search(place.text, *above):
        return False
    label = compiled(_STANDING_WORD).search(place.text, *above)
    rest = label and place.text[above[0] : label.start()] + place.text[label.end() : above[1]]
    return rest is not None and len(words(rest)) <= 1 and not _below_a_headline(place, above)


def _is_item(text: str, line: Span, found: Told, label: Span) -> bool:
    """A line beside the block that says more than its time and whose: a headline, a sentence."""
    before = text[line[0] : min(found.start, label[0])]
    behind = text[max(found.end, label[1]) : line[1]]
    if compiled(_PRICE).search(before + " " + behind) or len(words(behind)) > 4:
        return True
    if compiled(_AS_OF_WORD).search(text, *label):
        return len(words(before)) > 6
    return len(words(compiled(f"{_LAST}|{_PRICES}").sub(" ", before))) > 1


def _below_a_headline(place: Place, line: Span) -> bool:
    """Above the line stands one that is neither prose nor a heading of prices: a headline or a byline, most likely."""
    text = place.text
    above = line_before(text, line[0])
    if above is None or _is_price_heading(text, above):
        return False
    return text[above[1] - 1] not in _PROSE_END


def _is_price_heading(text: str, line: Span | None) -> bool:
    return line is not None and line[1] - line[0] <= 60 and says_prices(text[slice(*line)])


def says_prices(heading: str) -> bool:
    """Whether a heading is that of a list of prices, by its words: `Live crypto prices`, 실시간 암호화폐 시세."""
    said = words(heading)
    return 0 < len(said) <= 9 and not any(map(str.isalnum, compiled(_PRICES).sub("", heading)))


def _around(place: Place) -> tuple[list[Span], list[Span]]:
    """The few short lines that touch the block: up to three above, two below."""
    text, (start, end) = place.text, place.span
    above: list[Span] = []
    bullet = text[max(0, start - 8) : start]
    pos = start - (len(bullet) - len(bullet.rstrip(" •\t|")))
    if pos == 0 or text[pos - 1] == "\n":
        while len(above) < 3 and (line := line_before(text, pos)):
            above.insert(0, line)
            pos = line[0]
    below: list[Span] = []
    pos = end
    if end == len(text) or text[end] == "\n":
        while len(below) < 2 and (line := line_after(text, pos)):
            below.append(line)
            pos = line[1]
    return above, below


def _heading(place: Place) -> Span | None:
    """The span's first line, if it is short, stands before the first quote and holds no figure but dates."""
    text, span = place.text, place.span
    first = compiled(INK).search(text, *span)
    if first is None:
        return None
    line = line_around(text, first.start(), span)
    if line[1] - line[0] > LINE or line[0] <= place.at < line[1]:
        return None
    rest = "".join(without(text, line, list(dates_in(text, *line, place.month_first))))
    return None if compiled(_PRICE).search(rest) else line
