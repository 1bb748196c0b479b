"""Lists in other scripts: names, money and digits as their pages print them, in the encodings they are in."""

from __future__ import annotations

import html
from decimal import Decimal

import pytest

from tracker.finder.find import examine, watch, worth
from tracker.model import Page
from tracker.pages.document import page
from tracker.pages.encoding import searchable

SYMBOLS = ["BTC", "ETH", "XRP", "ADA", "DOGE"]
PRICES = ["67,123.45", "3,512.20", "0.52", "0.4612", "0.1587"]
CHANGES = ["-1.20", "+0.40", "-2.32", "-3.07", "+0.51"]

# What the list is in; its names; how a price is printed, the currency; the script's nought; other encodings.
LISTS = [
    ("hi", "बिटकॉइन|एथेरियम|रिपल|कार्डानो|डॉजकॉइन", "₹{}", "INR", "०", ""),
    ("hi-words", "बिटकॉइन|इथेरियम|एक्सआरपी|कार्डानो|डोजकॉइन", "{} रुपये", "INR", "०", ""),
    ("bn", "বিটকয়েন|ইথেরিয়াম|রিপল|কার্ডানো|ডজকয়েন", "৳{}", "BDT", "০", ""),
    ("bn-words", "বিটক\u09dfেন|ইথেরি\u09dfাম|রিপল|কার্ডানো|ডোজক\u09dfেন", "{} টাকা", "BDT", "০", ""),
    ("ta", "பிட்காயின்|எத்தேரியம்|ரிப்பிள்|கார்டானோ|டோஜ்காயின்", "₹{}", "INR", "௦", ""),
    ("he", "ביטקוין|את'ריום|ריפל|קרדנו|דוג'קוין", "${}", "USD", "", "cp1255 iso8859_8"),
    ("he-shekel", "ביטקוין|אתריום|ריפל|קרדנו|דוגקוין", "{} ₪", "ILS", "", "cp1255"),
    ("el", "Μπιτκόιν|Ιθίριουμ|Ριπλ|Καρντάνο|Ντότζκοϊν", "${}", "USD", "", "cp1253 iso8859_7"),
    ("ka", "ბიტკოინი|ეთერიუმი|რიპლი|კარდანო|დოჯქოინი", "{} ₾", "GEL", "", ""),
    ("hy", "Բիթքոին|Եթերիում|Ռիփլ|Կարդանո|Դոջքոին", "{} ֏", "AMD", "", ""),
    ("ja", "ビットコイン|イーサリアム|リップル|カルダノ|ドージコイン", "{}円", "JPY", "０", "cp932 euc_jp"),
    ("zh", "比特币|以太坊|瑞波币|艾达币|狗狗币", "${}", "USD", "", "gb18030"),
    ("zh-hant", "比特幣|以太坊|瑞波幣|艾達幣|狗狗幣", "${}", "USD", "", "big5"),
    ("ru", "Биткоин|Эфириум|Рипл|Кардано|Догикоин", "{} руб.", "RUB", "", "cp1251 koi8_r cp949"),
    ("uk", "Біткоїн|Ефіріум|XRP|Кардано|Догікоїн", "{} грн", "UAH", "", "cp1251"),
    ("ar", "بيتكوين|إيثريوم|ريبل|كاردانو|دوجكوين", "${}", "USD", "٠", "cp1256"),
    ("fa", "بیت‌کوین|اتریوم|ریپل|کاردانو|دوج‌کوین", "{} تومان", "IRT", "۰", ""),
    ("fa-blanks", "بیت کوین|اتریوم|ریپل|کاردانو|دوج کوین", "{} تومان", "IRT", "۰", ""),
    ("th", "บิตคอยน์|อีเธอเรียม|ริปเปิล|คาร์ดาโน|โดจคอยน์", "{} บาท", "THB", "๐", "cp874"),
    ("vi", "Bitcoin|Ethereum|XRP|Cardano|Dogecoin", "{} đ", "VND", "", "cp1258"),
]


def printed(names: str, money: str, nought: str = "", between: str = " ") -> str:
    rows = zip(names.split("|"), PRICES, CHANGES, strict=True)
    text = "".join(f"{name}{between}{money.format(price)}{between}{pct}%\n" for name, price, pct in rows)
    return text.translate({ord("0") + n: ord(nought) + n for n in range(10)}) if nought else text


@pytest.mark.parametrize("between", [" ", "\n"], ids=["lines", "cells"])
@pytest.mark.parametrize("own", [False, True], ids=["digits", "own-digits"])
@pytest.mark.parametrize("case", LISTS, ids=lambda case: case[0])
def test_every_row_is_read(case: tuple[str, ...], own: bool, between: str) -> None:
    _, names, money, currency, nought, _ = case
    found = examine(page(printed(names, money, nought if own else "", between).encode(), Page("", "made")))
    read = [(q.symbol, q.currency, q.price, q.change_pct) for block in found.blocks for q in block.quotes]
    assert read == [
        (symbol, currency, Decimal(price.replace(",", "")), Decimal(pct))
        for symbol, price, pct in zip(SYMBOLS, PRICES, CHANGES, strict=True)
    ]


ENCODED = [(case[0], codec) for case in LISTS for codec in ("utf-8", *case[5].split())]


@pytest.mark.parametrize(("name", "codec"), ENCODED)
def test_the_gate_opens_in_the_usual_encodings(name: str, codec: str) -> None:
    """Whether a page says its encoding or not, and where its letters are character references."""
    _, names, money, *_ = next(case for case in LISTS if case[0] == name)
    text = printed(names, money)
    declared = f'<html><head><meta charset="{codec}"></head><body><p>{html.escape(text)}</p></body></html>'
    assert watch()(text.encode(codec, "ignore"))
    assert _passes(searchable(declared.encode(codec, "ignore")))
    assert _passes(text.encode("ascii", "xmlcharrefreplace"))
    assert _passes("".join(f"&#x{ord(c):x};" if c > "\x7f" else c for c in text).encode())


def _passes(data: bytes) -> bool:
    return bool(watch()(data) and worth()(data))
