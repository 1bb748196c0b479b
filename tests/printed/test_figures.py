"""Printed figures: print a number in every format and read it back, to the last digit."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists import grouped

from tracker.printed.figures import FIGURE, Mark, arithmetic, decimal, figure_of, narrow, read, vote

QUICK = settings(max_examples=40, deadline=None, derandomize=True)

# Group mark and decimal mark as tables of the world print them.
FORMATS: list[tuple[str, Mark]] = [
    (",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("\u00a0", "."), ("\u202f", "."),
    ("'", "."), ("’", "."), ("'", ","), ("", "."), ("", ","),
]  # fmt: skip

# What it is multiplied with, by the dictionaries of each language.
UNITS = {
    "K": 10**3, "k": 10**3, "M": 10**6, "B": 10**9, "T": 10**12, "bn": 10**9, " million": 10**6, " Mio.": 10**6,
    " Mrd.": 10**9, "천": 10**3, "만": 10**4, "백만": 10**6, "천만": 10**7, "억": 10**8, "조": 10**12, "万": 10**4,
    "億": 10**8, "亿": 10**8, " тыс.": 10**3, " mi": 10**6, " млн": 10**6, " triệu": 10**6, " milyar": 10**9,
    " milliards": 10**9, " tỷ": 10**9, " трлн": 10**12,
}  # fmt: skip

SIGNS = {
    "+": 1,
    "＋": 1,
    "▲": 1,
    "△": 1,
    "↑": 1,
    "▲ ": 1,
    "-": -1,
    "－": -1,
    "\u2212": -1,
    "–": -1,
    "▼": -1,
    "▽": -1,
    "↓": -1,
    "▼ ": -1,
    "": 0,
}
SIGNS_BEHIND = {
    "1.20-%": -1,
    "0.40+%": 1,
    "1.20%-": -1,
    "0.40%+": 1,
    "1,20-": -1,
    "815.26+": 1,
    "(1.20%-)": -1,
    "۱٫۲۰-٪": -1,
    "(1.20%)": 0,  # brackets may be a minus, or only brackets
}
# What stands behind is no sign of what stands before.
NO_SIGN_BEHIND = ["1.20-%5", "1.20%-Ethereum", "1.20% - Ethereum", "1.20%-5%", "1,20-1,30", "5-", "264-1.5%"]  # fmt: skip

# As printed on the pages of design and facts, and by their neighbours.
CURRENCIES = [
    ("$67,123.45", "USD"), ("US$ 67,123.45", "USD"), ("67,123.45 USD", "USD"), ("67.123,45 €", "EUR"), ("€5", "EUR"),
    ("₩8,692,000", "KRW"), ("8,692,000원", "KRW"), ("8,692,000 원", "KRW"), ("￦8,692,000", "KRW"), ("KRW 264", "KRW"),
    ("9,215만원", "KRW"), ("445만 4,000원", "KRW"), ("1,026,000円", "JPY"), ("£52,310", "GBP"), ("R$ 354.211,07", "BRL"),
    ("ARS $13.070", "ARS"), ("MXN$ 5", "MXN"), ("50,490 تومان", "IRT"), ("A$5", "AUD"),
    ("5 달러", "USD"), ("0.05USDT", "USDT"), ("1 250 000 Kč", "CZK"), ("₹24,69,591", "INR"),
    ("67 123 Р", "RUB"), ("67 123,50 р.", "RUB"), ("5 ₽", "RUB"), ("5 рублей", "RUB"),
    ("Rp.15.000", "IDR"), ("5 دلار", "USD"),
    ("¥100", None), ("5 kr", None), ("฿2,100,000", None),
]  # fmt: skip

NOT_ONE_FIGURE = ["", "-", "%", "$--", "±5", "12.5%p", "1e5", "BTC", "5 6", "2.5 MATIC", "{{price}}", "N/A"]
# Printed figures -> their values: as money, percents and digits of other scripts spell them.
VALUES: list[tuple[str, Mark, str]] = [
    ("$.5123", ".", "0.5123"), (".41%", ".", "0.41"), ("+.41%", ".", "0.41"), ("-.40%", ".", "0.40"), ("$.51K", ".", "510"),
    (",5123 €", ",", "0.5123"), ("€,5123", ",", "0.5123"), ("kr. ,50", ",", "0.50"), ("Rp.15.000", ",", "15000"),
    ("kr.5123", ",", "5123"),
    ("1.039e-05", ".", "0.00001039"), ("$1.2E-7", ".", "0.00000012"), ("1,5e-03 €", ",", "0.0015"), ("2.5e+4", ".", "25000"),
    ("$0.0₅1234", ".", "0.000001234"), ("$0.0₄2412", ".", "0.00002412"), ("0,0₅1234 €", ",", "0.000001234"),
    ("$0.0₁₀5", ".", "0.00000000005"), ("0.0{5}1234", ".", "0.000001234"), ("$0.0{12}7", ".", "0.0000000000007"),
    ("€67'049,95", ",", "67049.95"), ("61'234.50", ".", "61234.50"), ("$67,123.450", ".", "67123.450"),
    ("54,32,100.50", ".", "5432100.50"),
    ("۶۷٬۱۲۳٫۴۵", ".", "67123.45"), ("٣٬٥١٢٫٢٠", ".", "3512.20"),
    ("६७,१२३.४५", ".", "67123.45"), ("৬৭,১২৩.৪৫", ".", "67123.45"),
    ("97,\u200b350,\u2060000원", ".", "97350000"), ("1\xad.25\ufe0f%", ".", "1.25"),
]  # fmt: skip
NO_VALUE = [
    "$0.0...51234",
    "1.23₄5",
    "10.0₅12",
    "0.1₃5",
    "0.₅12",
    "0.00₅12",
    "0.0₉₅₀₄₄",
    "67'049.950,1",
    "1'234,567.8",
]
NO_NUMBER = ["1.2.3", "1,2,3", "12,34", "5.", "1.234,5.6", "0,123,456", "1,23,45", "٣٤"]

VOTES: list[tuple[list[str], Mark | None]] = [
    (["8,692,000", "264", "63.7"], "."),
    (["45.451,44", "1,2"], ","),
    (["65\u202f367,35"], ","),
    (["1.234"], None),  # large or small: nothing says
    (["1.234", "0,5"], ","),
    (["1.234", "0.5"], "."),
    (["1,234"], "."),
    (["1.234.567"], ","),
    (["1,234,567"], "."),
    (["0.125"], "."),
    (["12345,678"], ","),
    (["1,5", "1.5"], None),  # they contradict each other
    (["95 320", "3,125"], None),  # where blanks stand between thousands, commas do not
    (["95 320", "3,12"], ","),
    (["1,234.5", "1.234,5"], None),
    (["9,215만", "1억 3,513만"], "."),
    (["24,69,591"], "."),
    ([".5123", "67,123"], "."),
    ([",512"], ","),
    (["67'049,95"], ","),
    (["67,123.450"], "."),
    (["54,32,100.50"], "."),
    ([], "."),
]

# price, printed change, printed percent -> the direction that the figures prove.
DIRECTIONS = [
    ("100703000", "1134000", "1.14", 1),  # ebn.co.kr, by the sign of its percent
    ("810700", "39800", "5.16", 1),
    ("67123.45", "815.26", "1.20", -1),
    ("1518", "19", "1.24", 0),  # 19 is too coarse to tell
    ("100", "10", "10", 0),  # neither: +11.11 or -9.09
    ("100", "0.1", "0.1", 0),  # both
    ("100", "100", "50", 0),  # a change as large as the price proves nothing
    ("0", "0", "0", 0),
]  # fmt: skip


def wide(text: str) -> str:
    """In the full-width forms of East Asian typesetting."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


numbers = st.decimals(min_value=0, max_value=10**14, places=6, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(("group", "mark"), FORMATS)
@QUICK
@given(number=numbers)
def test_a_printed_number_is_read_back(group: str, mark: Mark, number: Decimal) -> None:
    spelled = grouped(f"{number:f}", group, mark)
    for text in (spelled, wide(spelled), f"${spelled}", f"{spelled}%", f"+{spelled}", f"({spelled}%)"):
        figure = read(text)
        assert figure and figure.value(mark) == number, text


@pytest.mark.parametrize(("group", "mark"), [f for f in FORMATS if f[0] != " "])
@QUICK
@given(number=st.integers(0, 10**15))
def test_a_printed_whole_number_is_read_back(group: str, mark: Mark, number: int) -> None:
    figure = read(grouped(str(number), group, mark))
    assert figure and figure.value(mark) == number


def test_every_digit_that_the_table_holds_is_kept() -> None:
    text = "999999999999999999.123456789012"  # decimal(30,12)
    figure = read(text)
    assert figure and figure.value(".") == Decimal(text)


@pytest.mark.parametrize("unit", UNITS)
@QUICK
@given(number=st.decimals(min_value=0, max_value=9999, places=2, allow_nan=False))
def test_units_multiply(unit: str, number: Decimal) -> None:
    figure = read(f"{number:,f}{unit}")
    assert figure and figure.value(".") == number * UNITS[unit]


@QUICK
@given(
    number=st.integers(10**4, 10**15),
    space=st.sampled_from(["", " "]),
    group=st.booleans(),
    won=st.booleans(),
)
def test_compounds_add_up(number: int, space: str, group: bool, won: bool) -> None:
    """1억 3,513만1,000; a last part without a unit touches the one before, or stands before 원."""
    parts, rest = [], number
    for unit, size in (("조", 10**12), ("억", 10**8), ("만", 10**4)):
        count, rest = divmod(rest, size)
        if count:
            parts.append((f"{count:,}" if group else str(count)) + unit)
    text = space.join(parts)
    if rest:
        text += (" " if won else "") + (f"{rest:,}" if group else str(rest))
    if won and not rest:
        won = len(parts) < 4
    figure = read(text + ("원" if won else ""))
    assert figure and figure.value(".") == number, text


@pytest.mark.parametrize(("mark", "sign"), SIGNS.items())
@QUICK
@given(number=numbers)
def test_signs_are_seen_and_no_others(mark: str, sign: int, number: Decimal) -> None:
    spelled = [
        f"{mark}{number:f}%",
        f"{mark}${number:f}",
        f"({mark}{number:f}%)",
        f"{mark}{number:f} percent",
    ]
    if not mark.endswith(" "):
        spelled += [f"{mark}%{number:f}", f"%{mark}{number:f}"]
    for text in spelled:
        figure = read(text)
        assert figure and figure.sign == sign and not figure.doubt, text
        assert figure.value(".") == number


@pytest.mark.parametrize("text", ["- 1.52%", "- 8,692,000", "– 5", "-  5", "+-5", "-+5"])
def test_a_dash_that_may_be_something_else_is_doubted(text: str) -> None:
    figure = read(text)
    assert figure and figure.doubt


@pytest.mark.parametrize(("text", "sign"), SIGNS_BEHIND.items())
def test_a_sign_behind_its_figure_is_its_sign(text: str, sign: int) -> None:
    figure = read(text)
    assert figure and figure.sign == sign and not figure.doubt


@pytest.mark.parametrize("text", NO_SIGN_BEHIND)
def test_a_dash_that_goes_on_is_no_sign(text: str) -> None:
    match = re.match(FIGURE, text)
    assert match and figure_of(match).sign == 0


@pytest.mark.parametrize(("text", "mark", "value"), VALUES)
def test_values(text: str, mark: Mark, value: str) -> None:
    figure = read(text)
    assert figure and figure.value(mark) == Decimal(value)
    other = figure.value("," if mark == "." else ".")
    assert other is None or not {".", ","} <= set(figure.digits)


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_is_kept_whole_and_read_as_nothing(text: str) -> None:
    match = re.match(FIGURE, narrow(text))
    assert match and match.end() == len(text)
    assert figure_of(match).value(".") is None and figure_of(match).value(",") is None


@QUICK
@given(
    number=st.decimals(min_value="0.000001", max_value="0.999999", places=12, allow_nan=False),
    mark=st.sampled_from(".,"),
)
def test_zeros_may_be_left_out_or_counted(number: Decimal, mark: Mark) -> None:
    digits = f"{number:f}".removeprefix("0.")
    zeros = len(digits) - len(digits.lstrip("0"))
    count = str(zeros).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
    for text in (
        f"${mark}{digits}",
        f"0{mark}0{count}{digits.lstrip('0')}",
        f"0{mark}0{{{zeros}}}{digits.lstrip('0')}",
    ):
        figure = read(text)
        assert figure and figure.value(mark) == number, text


@pytest.mark.parametrize(("text", "currency"), CURRENCIES)
def test_currencies(text: str, currency: str | None) -> None:
    figure = read(text)
    assert figure and figure.money and figure.currency == currency


@pytest.mark.parametrize("text", NOT_ONE_FIGURE)
def test_what_is_no_figure_from_end_to_end(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("digits", NO_NUMBER)
def test_what_looks_like_digits_and_is_no_number(digits: str) -> None:
    assert decimal(digits, ".") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("R$ 351,2 mil", 351200), ("97,3 mil won", None), ("Rp1,05 M", 1_050_000_000), ("$1,05 M", 1_050_000)],
)
def test_units_that_depend_on_the_money(text: str, value: int | None) -> None:
    figure = read(text)
    assert figure and figure.value(",") == value


# Groups set apart by plain blanks -> what they are; None where they may as well be two figures.
TORN = [
    ("67 234", None),
    ("1 234 567", None),
    ("67 234 Kč", 67234),
    ("67 234K", 67234000),
    ("67\u00a0234", 67234),
]


@pytest.mark.parametrize(("text", "value"), TORN)
def test_what_may_be_two_figures_is_read_as_none(text: str, value: int | None) -> None:
    figure = read(text)
    assert figure and figure.value(".") == value


@pytest.mark.parametrize(("text", "value"), [("$67 234", 67234), ("67 234", None), ("$1 234 567", None)])
def test_under_a_decimal_comma_money_with_one_blank_is_one_figure(text: str, value: int | None) -> None:
    figure = read(text)
    assert figure and figure.value(",") == value and figure.value(".") is None


@pytest.mark.parametrize(("digits", "mark"), VOTES)
def test_a_block_votes_on_its_decimal_mark(digits: list[str], mark: Mark | None) -> None:
    assert vote(digits) == mark
    assert vote(reversed(digits)) == mark


@QUICK
@given(st.lists(numbers, min_size=1, max_size=6))
def test_a_vote_never_names_the_wrong_mark(prices: list[Decimal]) -> None:
    """Six places behind the mark say which it is: as printed with a point, and with a comma."""
    assert vote(grouped(f"{price:f}") for price in prices) == "."
    assert vote(grouped(f"{price:f}", ".", ",") for price in prices) == ","


@pytest.mark.parametrize(("price", "change", "percent", "sign"), DIRECTIONS)
def test_the_arithmetic_proves_a_direction(price: str, change: str, percent: str, sign: int) -> None:
    assert arithmetic(Decimal(price), Decimal(change), Decimal(percent)).sign == sign


@QUICK
@given(
    before=st.decimals(min_value="0.01", max_value=10**9, places=2, allow_nan=False),
    percent=st.decimals(min_value="-90", max_value="900", places=2, allow_nan=False),
)
def test_true_figures_never_prove_the_other_direction(before: Decimal, percent: Decimal) -> None:
    price = (before * (100 + percent) / 100).quantize(Decimal("0.0001"))
    change = price - before
    if price > 0 and abs(change) < price:
        exact = (100 * change / before).quantize(Decimal("0.01"))
        fit = arithmetic(price, change, exact)
        assert fit.sign in (0, (exact > 0) - (exact < 0)) or not exact
        assert fit.near_up if exact >= 0 else fit.near_down


@QUICK
@given(st.text())
def test_narrowing_keeps_every_offset(text: str) -> None:
    assert len(narrow(text)) == len(text)
    assert narrow(narrow(text)) == narrow(text)


pieces = st.sampled_from(
    [
        *"0123456789.,%+-–▲▼△▽↑↓()[]$₩€¥ KMB",
        "만",
        "억",
        "조",
        "천",
        "원",
        "USD",
        "kr.",
        "\u00a0",
        "'",
        "억 ",
        "٣",
        "²",
        "₅",
        "{5}",
        "Р",
        "백만",
    ]
)


@settings(QUICK, max_examples=300)
@given(st.lists(pieces, max_size=30).map("".join))
def test_every_match_is_a_figure(text: str) -> None:
    for match in re.finditer(FIGURE, narrow(text)):
        figure = figure_of(match)
        assert figure.sign in (-1, 0, 1) and figure.places >= 0 and figure.start < figure.end
        assert figure.digits in match.group() or re.search("[₀-₉{]", match.group())
        for mark in (".", ","):
            value = figure.value(mark)
            assert value is None or (value.is_finite() and value >= 0)
