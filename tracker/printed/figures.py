"""Printed text -> figures: digits, sign, percent, currency, unit. Pure; knows no site and no coin.

A figure is read in two steps, because `1.234` alone cannot be read: first its parts are told apart
(`Figure`), then the block as a whole says which mark is the decimal one (`vote`), then its value follows
(`Figure.value`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from .unseen import shifted

Mark = Literal[".", ","]  # which of the two is the decimal mark

# The zeros of Arabic, Persian, Indic, Thai, Lao, Burmese and Khmer digits.
_ZEROS_OF: tuple[int, ...] = (0x660, 0x6F0, *range(0x966, 0xDE6, 0x80), 0xE50, 0xED0, 0x1040, 0x17E0)
# Full-width forms of East Asian typesetting, and other scripts' digits: each one character long, so that offsets stay
# true.
_NARROW = {0xFF01 + i: chr(0x21 + i) for i in range(94)} | {
    ord("−"): "-", ord("﹣"): "-", ord("‐"): "-", ord("‑"): "-", ord("﹢"): "+", ord("٪"): "%", ord("﹪"): "%",
    ord("￦"): "₩", ord("￥"): "¥", ord("￡"): "£", 0x3000: " ", 0x2009: " ", 0x2007: "\u00a0",
    ord("٫"): ".", ord("٬"): ",",
} | {zero + digit: str(digit) for zero in _ZEROS_OF for digit in range(10)}  # fmt: skip


def narrow(text: str) -> str:
    """Full-width signs, digits and letters, and the digits of other scripts, as their ASCII forms; the length never
    changes. Characters that nobody sees, of which pages that were read hold none, become blanks behind their word."""
    return text if text.isascii() else _WIDE.sub(_narrowed, shifted(text))


# Ten times as fast as str.translate on pages where such characters are rare.
_WIDE = re.compile(f"[{re.escape(''.join(map(chr, _NARROW)))}\ue000-\uf8ff]")


def _narrowed(match: re.Match[str]) -> str:
    return _NARROW.get(ord(match[0]), " ")  # an icon font's drawings say nothing


# Marks as printed beside a figure -> ISO 4217. Those that several currencies share map to None: seen, not named.
CURRENCIES: dict[str, str | None] = {
    "US$": "USD", "$US": "USD", "U$": "USD", "USD$": "USD", "$": "USD", "달러": "USD", "美元": "USD", "ドル": "USD",
    "dollars": "USD", "dollar": "USD", "Dollar": "USD", "dólares": "USD", "dólar": "USD", "dollari": "USD",
    "₩": "KRW", "원": "KRW", "won": "KRW", "€": "EUR", "유로": "EUR", "euro": "EUR", "Euro": "EUR", "euros": "EUR",
    "£": "GBP", "파운드": "GBP", "円": "JPY", "엔": "JPY", "JP¥": "JPY", "CN¥": "CNY", "위안": "CNY", "人民币": "CNY",
    "¥": None, "元": None, "kr": None, "kr.": None, "฿": None,
    "CA $": "CAD", "AU $": "AUD", "NZ $": "NZD", "HK $": "HKD", "US $": "USD",
    "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "NZ$": "NZD",
    "R$": "BRL", "MX$": "MXN", "₹": "INR", "Rs": "INR", "Rs.": "INR", "Rp.": "IDR", "₽": "RUB", "руб.": "RUB", "руб": "RUB",
    "Р": "RUB", "р": "RUB", "р.": "RUB", "рублей": "RUB", "рубля": "RUB", "рубль": "RUB", "دلار": "USD", "دولار": "USD",
    "₺": "TRY", "TL": "TRY", "₴": "UAH", "₫": "VND", "đ": "VND", "บาท": "THB", "₱": "PHP", "₦": "NGN", "₪": "ILS",
    "डॉलर": "USD", "रुपये": "INR", "रुपए": "INR", "रु.": "INR", "रु": "INR", "ডলার": "USD", "টাকা": "BDT", "৳": "BDT",
    "டாலர்": "USD", "ரூபாய்": "INR", "ரூ.": "INR", "ரூ": "INR", "דולר": "USD", "שקל": "ILS", 'ש"ח': "ILS", "ש״ח": "ILS",
    "δολάρια": "USD", "ευρώ": "EUR", "დოლარი": "USD", "ლარი": "GEL", "₾": "GEL", "грн": "UAH",
    "դոլար": "USD", "դրամ": "AMD", "֏": "AMD",
    "تومان": "IRT", "ریال": "IRR", "Rp": "IDR", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "Fr.": "CHF",
}  # fmt: skip
CODES = frozenset(
    "USD KRW EUR GBP JPY CNY CNH AUD CAD HKD TWD SGD NZD BRL MXN INR RUB TRY UAH VND THB PHP NGN ILS IDR PLN CZK "
    "HUF CHF SEK NOK DKK ZAR MYR AED SAR ARS CLP COP PEN KZT PKR BDT".split()
)
COIN_CURRENCIES = frozenset(
    {"USDT", "USDC", "BUSD"}
)  # what exchanges price other coins in, printed as a unit

_UNITS: dict[str, int] = {
    "K": 10**3, "k": 10**3, "M": 10**6, "mn": 10**6, "mln": 10**6, "Mio.": 10**6, "Mio": 10**6, "million": 10**6,
    "B": 10**9, "bn": 10**9, "Bn": 10**9, "Mrd.": 10**9, "Mrd": 10**9, "billion": 10**9, "T": 10**12, "tn": 10**12,
    "trillion": 10**12, "천": 10**3, "만": 10**4, "백만": 10**6, "천만": 10**7, "억": 10**8, "조": 10**12, "백억": 10**10,
    "천억": 10**11, "万亿": 10**12, "千万": 10**7, "百万": 10**6, "十亿": 10**9, "千亿": 10**11, "千億": 10**11,
    "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12,
    "¢": 0, "cents": 0,
    "rb": 10**3, "mil": 0, "bin": 10**3, "ribu": 10**3, "mila": 10**3, "Tsd.": 10**3, "тыс.": 10**3, "тыс": 10**3,
    "tys.": 10**3, "tis.": 10**3, "nghìn": 10**3, "mi": 10**6, "mio": 10**6, "milhões": 10**6, "millones": 10**6,
    "milioni": 10**6, "millions": 10**6, "milyon": 10**6, "juta": 10**6, "jt": 10**6, "млн": 10**6, "triệu": 10**6,
    "bi": 10**9, "bilhões": 10**9, "miliardi": 10**9, "milliards": 10**9, "milyar": 10**9, "miliar": 10**9,
    "mld": 10**9, "mld.": 10**9, "млрд": 10**9, "tỷ": 10**9, "tri": 10**12, "trilhões": 10**12, "triliun": 10**12,
    "trilyon": 10**12, "трлн": 10**12,
}  # fmt: skip

UP, DOWN = "+▲△↑⬆🔺📈", "-–▼▽↓⬇🔻📉"
_DRAWN = "📈📉"  # before anything but a percent they adorn the line
_SIGNS = re.escape(UP + DOWN)
_ARROWS = (UP + DOWN).translate(dict.fromkeys(map(ord, "+-–")))  # these also stand behind a percent: `1.25%↓`
_GAP = "[ \u00a0\u202f]"


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# A word must end where it ends: no `K` out of `KRW`, no `M` out of `MATIC`, no `kr` out of `kroner`, no `Р` out of `Рост`.
_WORD_END = r"(?:(?<![A-Za-zРр.])|(?![A-Za-zÀ-žЀ-ӿ]))"
# Never printed before a figure.
_BEHIND = (
    "원 달러 won 유로 파운드 円 엔 위안 人民币 元 美元 ドル dollars dollar Dollar dólares dólar dollari euro"
)
_BEHIND += ' डॉलर रुपये रुपए ডলার টাকা டாலர் ரூபாய் דולר שקל ש"ח ש״ח δολάρια ευρώ დოლარი ლარი грн դոլար դրամ'
_BEHIND += " Euro euros تومان ریال دلار دولار Ft Kč zł руб руб. Р р р. рублей рубля рубль บาท"
# The code of a pair (`BTC/KRW 97,350,000`, `BTCUSD`) belongs to the name.
_MARKS = set(CURRENCIES) - set(_BEHIND.split())
_LETTERED = [mark for mark in _MARKS if mark[0].isalpha()] + list(CODES)
DOLLARS = frozenset("ARS MXN CLP COP AUD CAD NZD SGD HKD TWD".split())  # whose `$` is not the American one
_CODED = rf"(?:{_either([*DOLLARS, 'USD'])}){_GAP}?\$"  # `ARS $13.070`: the code says which
_PREFIX = rf"(?:{_either(_MARKS - set(_LETTERED))}|(?<![A-Za-z/_-])(?:{_CODED}|{_either(_LETTERED)}))"
_SUFFIX = rf"(?:{_either([*CURRENCIES, *CODES, *COIN_CURRENCIES])}){_WORD_END}"
_UNIT = rf"(?:{_either(_UNITS)}){_WORD_END}"
_DONE = r"(?![.,'’…]?\d|\.{2,3}\d|[.,]?[₀-₉])"
_LED = r"[.,](?<![\w.,%)\]}'’\"][.,])"  # a point that may begin a figure: no word, no digit, no end of one before it
_POWER = r"\d(?:[.,]\d{1,18})?[eE]-\d{1,2}(?![\w.,])|\d[.,]\d{1,18}[eE]\+\d{1,2}(?![\w.,])"  # as programs print them
_COUNTED = r"0[.,]0(?:[₀-₉]{1,2}|\{\d{1,2}\})\d{1,18}"

# Digits and their marks, the surest readings first; repeats are bounded so that hostile text costs no more.
_DIGITS = "|".join(
    (
        _POWER,  # 1.039e-05
        rf"{_COUNTED}{_DONE}",  # 0.0₅1234
        rf"\d{{1,3}}(?:,\d{{2,3}}){{0,6}},\d{{3}}(?:\.\d{{1,18}})?{_DONE}",  # 8,692,000  1,234.5  24,69,591
        rf"\d{{1,3}}(?:\.\d{{3}}){{1,6}}(?:,\d{{1,18}})?{_DONE}",  # 45.451,44
        rf"\d{{1,3}}(?:{_GAP}\d{{3}}){{1,5}}[.,]\d{{1,18}}{_DONE}",  # 65 367,35  16 832.59
        rf"\d{{1,3}}(?:[\u00a0\u202f'’]\d{{3}}){{1,5}}(?:[.,]\d{{1,18}})?{_DONE}",  # 65'367.35 and no-break spaces
        rf"\d{{1,3}}(?: \d{{3}}){{1,5}}{_DONE}",  # 1 250 000 Kč; of 67 234 nobody knows whether it is one
        rf"\d{{1,18}}[.,]\d{{1,18}}{_DONE}",  # 63.7  0,06
        rf"\d{{1,18}}{_DONE}",  # 264
        rf"{_LED}(?:(?<=\.)\d{{1,18}}|\d{{2,18}}(?!,)){_DONE}",  # .5123
        r"[1-9]\d{0,2}(?:,\d{3}){1,6}(?=\d{1,3}(?:\.\d{1,8})?\s?%)",  # 8,692,000 glued to 1.52%
        r"\d{1,18}\.\d{1,18}(?=,\d{1,18}\.\d{1,18}(?![\d.]))",  # 3512.20,0.41: two, a comma between them
        r"\d[\d.,'’…₀-₉]{0,40}(?<!['’…])",  # something else: kept whole, read as nothing
    )
)
# 1억 3,513만1,000, 1,012万5,678: the parts add up; a last part without a unit belongs only where it touches the one before.
_MYRIADS = r"\d{1,3}(?:,?\d{3}){0,3}(?:\.\d{1,6})?\s?(?:조|억|천만|백만|만|천|兆|億|亿|万|萬)"
_MYRIAD = re.compile("[조억만천兆億亿万萬]")
_REST = rf"\d{{1,3}}(?:,?\d{{3}})?{_DONE}"
_WON = rf"{_MYRIADS}(?:\s?{_MYRIADS}){{0,2}}\s\d{{1,3}}(?:,?\d{{3}})?(?=\s?원)"  # 445만 4,000원
# A unit behind the first digits, asked for at first, spares all other figures the attempt.
_COMPOUND = (
    r"(?=[\d,.]{1,24}\s?[조억만천백兆億亿万萬])"
    rf"(?:{_WON}|{_MYRIADS}(?:\s?{_MYRIADS}){{1,3}}(?:{_REST})?|{_MYRIADS}{_REST})"
)

_PERCENT = (
    r"(?:percent|per cent|pct|Prozent|por ciento|por cento|pour cent|процент(?:ов|а)?|퍼센트)(?![A-Za-z])"
)

_CUT = r"(?:\.{3}|…)"  # digits that a page leaves out: `94073.836... USD`

_LAST = (
    r"(?=[ \u00a0]{0,2}(?:[\n\r\t|•)\]]|$))"  # a sign behind its figure ends the cell: `1.20%-`, `815.26-`
)

# Most characters cannot begin a figure: said first, it spares the search the rest of the pattern. Digits behind a
# point that begins no figure are no whole one; behind a row of points they are.
_FIRST = "".join(sorted({mark[0] for mark in _MARKS} | {code[0] for code in CODES}))
FIGURE = (
    rf"(?=[\d(\[%{_SIGNS}{re.escape(_FIRST)}]|{_LED}\d)(?!(?<=\.)(?<!\.\.)\d)"
    rf"(?:(?P<open>[(\[]){_GAP}?)?"
    rf"(?:(?P<outer>[{_SIGNS}])(?=%))?(?P<lead>%{_GAP}?)?(?:(?P<sign>[{_SIGNS}])(?P<space>{_GAP}{{0,2}}))?"
    rf"(?:(?P<before>{_PREFIX}){_GAP}{{0,8}})?(?P<inner>[+\-–])?"
    rf"(?P<digits>{_COMPOUND}|{_DIGITS})"
    # A percent takes no currency behind it, nor does a figure that has one before it: `+0.59% $117,892`, `$ 5 $ 7`.
    # A percent mark set off by a blank belongs to what follows it if that touches: `2.165.432 %-1,23`.
    rf"(?:{_GAP}?(?P<unit>{_UNIT}))?"
    rf"(?:(?P<back>[+\-](?=%(?![\d.,])))?(?P<percent>%|{_GAP}%(?![+\-–]?\d)|{_GAP}{_PERCENT})"
    rf"(?:{_GAP}?(?P<tail>[{_ARROWS}])(?!{_GAP}?[\d$₩€£¥(+\-])|(?P<last>[+\-]){_LAST})?"
    rf"|(?<=[.,]\d\d)(?P<debit>[+\-]){_LAST}|(?(before)|{_CUT}?{_GAP}?(?P<after>{_SUFFIX})))?"
    rf"(?:{_GAP}?(?P<close>[)\]]))?"
)


_BOUNDS = ("<", ">", "≤", "≥")
_EXACT = Context(prec=80)  # more than any figure here has digits


class Figure(NamedTuple):
    """One printed number, its parts told apart.

    start, end  its span in the text it was read from
    digits      the digits with their marks, as printed; counted zeros (`0.0₅12`) written out
    unit        what they are multiplied with: 1, 1000 for `K`, 10000 for `만`; 0 if that depends on the language
    sign        +1 or -1 if printed; 0 if not
    arrow       the sign is a triangle or an arrow, not `+` or `-`
    doubt       a dash stands there that may be a bullet, a range or a separator instead
    percent     followed by `%`
    currency    ISO 4217, or the coin it is priced in; None if not printed
    money       some currency mark is printed, even one that several currencies share
    bracketed   stands in brackets of its own
    joined      a currency or a unit behind it shows where it ends
    """

    start: int
    end: int
    digits: str
    unit: int
    sign: int
    arrow: bool
    doubt: bool
    percent: bool
    currency: str | None
    money: bool
    bracketed: bool
    joined: bool

    def value(self, mark: Mark) -> Decimal | None:
        """The magnitude, without sign; None if the digits are no number under this decimal mark."""
        if self.torn and not (mark == "," and self.money and self.digits.count(" ") == 1):
            return None  # `$86 065` is one figure where commas are the decimal marks
        if not self.unit:
            return None
        number = decimal(self.digits, mark)
        return number if number is None or self.unit == 1 else _EXACT.multiply(number, Decimal(self.unit))

    @property
    def torn(self) -> bool:
        """Groups set apart by plain blocks may be two figures, unless a decimal comma or a unit behind joins them."""
        return " " in self.digits and not self.joined and "," not in self.digits

    @property
    def places(self) -> int:
        """How many digits stand behind the last mark (asked of percents only: there it is the decimal)."""
        tail = re.split(r"[.,]", self.digits)
        return len(tail[-1]) if len(tail) > 1 else 0


@cache
def _figure() -> re.Pattern[str]:
    return re.compile(FIGURE)


# Units that mean something else, or anything at all, where other money is printed.
_LOCAL: dict[tuple[str, str | None], int] = {("mil", "BRL"): 10**3, ("M", "IDR"): 10**9}
_PARTS = (
    "outer lead open sign space before inner digits unit back percent tail last debit after close".split()
)
_ZEROS = re.compile(r"0(?:([₀-₉]+)|\{(\d+)\})")
_COUNT = re.compile(_COUNTED)
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def figure_of(match: re.Match[str]) -> Figure:
    """The parts of a match of FIGURE (in text that went through `narrow`)."""
    (
        outer,
        lead,
        first,
        sign,
        space,
        before,
        inner,
        digits,
        unit,
        back,
        percent,
        tail,
        last,
        debit,
        after,
        shut,
    ) = match.group(*_PARTS)
    loose = bool(space) and sign in ("-", "–")
    behind = tail or back or last or debit
    if sign and sign in _DRAWN and not percent and not lead:
        sign = None
    printed = inner or ("" if loose else sign) or behind or outer or ""
    mark = before or after
    currency = currency_of(mark)
    bounded = (
        match.string[max(0, match.start() - 2) : match.start()].strip()[-1:] in _BOUNDS
    )  # `<0.1%` is no 0.1 %
    return Figure(
        match.start(), match.end(), digits if _written_out(digits) else _counted(digits),
        _LOCAL.get((unit, currency), _UNITS[unit]) if unit else 1,
        sign=0 if not printed else 1 if printed in UP else -1,
        arrow=printed not in "+-–",
        doubt=not inner if loose else len({one in UP for one in (outer, sign, inner, behind) if one}) > 1 or bounded,
        percent=bool(percent or lead), currency=currency, money=bool(mark), bracketed=bool(first and shut),
        joined=bool(after or unit or _MYRIAD.search(digits)),
    )  # fmt: skip


def _written_out(digits: str) -> bool:
    return digits.isascii() and "{" not in digits and "e" not in digits and "E" not in digits


def _counted(digits: str) -> str:
    """`0.0₅12` -> `0.00000012`: the lowered digit, or the one in braces, counts the zeros behind the point, as the power
    of ten does in `1.2e-07`."""
    if "e" in digits.casefold():
        plain = format(Decimal(digits.replace(",", ".")), "f")
        return plain.replace(".", ",") if "," in digits else plain
    if not _COUNT.fullmatch(digits):
        return digits
    return _ZEROS.sub(lambda count: "0" * int((count[1] or count[2]).translate(_LOWERED)), digits)


def read(text: str) -> Figure | None:
    """The figure that a text is, from end to end; None if it is something else."""
    match = _figure().fullmatch(narrow(text).strip())
    return figure_of(match) if match else None


def currency_of(mark: str | None) -> str | None:
    """`원` -> KRW, `US$` -> USD, `USDT` -> USDT; None for no mark or one that several currencies share."""
    if not mark:
        return None
    if mark[-1] == "$" and mark[:3] in CODES:
        return mark[:3]
    return mark if mark in CODES or mark in COIN_CURRENCIES else CURRENCIES.get(mark)


# The common spellings, read at once: `8,692,000`, `63.7`, `264`.
_PLAIN: dict[str, re.Pattern[str]] = {
    ".": re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+", re.ASCII),
    ",": re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?|,\d+", re.ASCII),
}


@lru_cache(maxsize=4096)  # a figure is asked for its value by the vote, by its row and by the doubts
def decimal(digits: str, mark: Mark) -> Decimal | None:
    """`8,692,000` with `.` -> 8692000; None where the groups are not groups (`1.2.3`, `12,3456`)."""
    plain = _PLAIN[mark].fullmatch(digits)
    if plain:
        return Decimal(digits.replace(",", "") if mark == "." else digits.replace(".", "").replace(",", "."))
    if _MYRIAD.search(digits):
        return _compound(digits)
    whole, found, fraction = digits.partition(mark)
    if found and not fraction.isdecimal():
        return None
    groups = re.split(r"[.,'’ \u00a0\u202f]", whole)
    mixed = len({c for c in whole if c in ".,'’"}) > 1  # `67'049.950` groups by one mark only
    if (
        mixed
        or mark in whole
        or not all(g.isdecimal() and g.isascii() for g in groups)
        or not _grouped(groups)
    ):
        return None
    return Decimal("".join(groups) + (f".{fraction}" if found else ""))


def _grouped(groups: list[str]) -> bool:
    """Thousands (8,692,000) or lakhs (24,69,591)."""
    first, *rest = groups
    if not rest:
        return True
    inner = {len(g) for g in rest[:-1]}
    return 1 <= len(first) <= 3 and len(rest[-1]) == 3 and inner in (set(), {3}, {2}) and first != "0"


def _compound(digits: str) -> Decimal | None:
    total = Decimal(0)
    for number, unit in re.findall(r"([\d,.]+)\s?(조|억|천만|백만|만|천|兆|億|亿|万|萬)?", digits):
        value = decimal(number, ".")
        if value is None:
            return None
        total += value * _UNITS.get(unit, 1)
    return total


_BLANKS = re.compile(r"\d[ \u00a0\u202f]\d{3}(?!\d)")
# Digits in which a mark before three others is the decimal one all the same.
_NO_GROUPS = re.compile(r"^(?:0\d*)?[.,]|^\d{4,}[.,]|[ \u00a0\u202f'’]")


def vote(figures: Iterable[str]) -> Mark | None:
    """The decimal mark that the printed digits of one block agree on; None if they contradict each other
    or if a figure like `1.234` stands there and nothing says whether it is large or small.

    A comma before three digits and nothing else is taken for a thousands mark, as in most of the world's
    tables; a point before three digits is not taken for either, nor is a comma where blanks stand between thousands.
    """
    point = comma = unsure = False
    figures = list(figures)
    blanks = any(_BLANKS.search(digits) for digits in figures)
    for digits in figures:
        if _MYRIAD.search(digits):
            continue
        for mark in (".", ","):
            tail = digits.rpartition(mark)[2]
            if mark not in digits or not tail.isdecimal():
                continue
            other = "," if mark == "." else "."
            if digits.count(mark) > 1:
                says = other
            elif other in digits or len(tail) != 3 or _NO_GROUPS.search(digits):
                says = mark
            else:
                unsure = unsure or mark == "." or blanks
                continue
            point, comma = point or says == ".", comma or says == ","
    if (point and comma) or (unsure and not point and not comma):
        return None
    return "," if comma else "."


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Whether a price, an absolute and a percent change can belong together, as a rise and as a fall.

    exact   the printed percent is the rounded quotient
    near    it misses it by what a streaming price explains (a few hundredths of a percent, or a twentieth)
    """

    exact_up: bool
    exact_down: bool
    near_up: bool
    near_down: bool

    @property
    def sign(self) -> int:
        """+1 or -1 where the figures fit exactly one direction; 0 where they fit both or neither."""
        return self.exact_up - self.exact_down


@lru_cache(maxsize=64)  # a row's sign and its contradictions are both told by it
def arithmetic(price: Decimal, change: Decimal, percent: Decimal) -> Arithmetic:
    """Compare |change| / (price ∓ |change|) with |percent|, within what rounding of all three allows."""
    a, c = abs(change), abs(percent)
    if price <= 0 or a >= price:
        return Arithmetic(False, False, False, False)
    up, down = 100 * a / (price - a), 100 * a / (price + a)
    rounding = _half(percent) + up * (_half(change) / a if a else 0) + up * _half(price) / price
    slack = max(rounding, Decimal("0.06"), c / 20)
    return Arithmetic(
        abs(up - c) <= rounding, abs(down - c) <= rounding, abs(up - c) <= slack, abs(down - c) <= slack
    )


def _half(value: Decimal) -> Decimal:
    """Half a unit of the last printed place."""
    exponent = value.as_tuple().exponent
    return Decimal((0, (5,), exponent - 1 if isinstance(exponent, int) else -1))


def nameless(pattern: str) -> str:
    """FIGURE without group names, so that it can stand in another pattern. The one group that its own condition
    asks for keeps a name, `before@`; who uses it puts a number of its own for the `@`."""
    bare = re.sub(r"\(\?P<(?!before>)\w+>", "(?:", pattern)
    return bare.replace("(?P<before>", "(?P<before@>").replace("(?(before)", "(?(before@)")


# What the holes of a layout stand for. A figure is atomic: a price never gives digits back to what follows it.
NUMBER_HOLE = rf"(?!(?<=\d)\d)(?!(?<=\d[.,])\d)(?>{nameless(FIGURE)})"
_AFTER_PERCENT = rf"(?:(?<=%)|(?<=%[)\]{_ARROWS}+\-])|(?<=%{_GAP}[)\]{_ARROWS}])|(?<=%[{_ARROWS}+\-][)\]]))"
PRICE_HOLE = rf"(?![{_SIGNS}(\[%]){NUMBER_HOLE}(?<!%)"
PERCENT_HOLE = rf"{NUMBER_HOLE}{_AFTER_PERCENT}"
LEADING_PERCENT_HOLE = rf"(?=%){NUMBER_HOLE}"
CHANGE_HOLE = rf"(?!%){NUMBER_HOLE}(?!{_AFTER_PERCENT})"
