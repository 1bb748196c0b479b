"""coins.py and its table: what a printed name stands for, and what it must never stand for."""

from __future__ import annotations

import csv
import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.coins import registry as coins
from tracker.coins.names import name_of
from tracker.coins.registry import Coin, fold, identity
from tracker.errors import CoinsError

TABLE = Path(coins.__file__).with_name("coins.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
CELLS = [
    (row["symbol"], text)
    for row in ROWS
    for text in (row["symbol"], row["english"], row["korean"], *row["others"].split("|"))
    if text
]
KNOWN = coins.load()

# The list of the first page, in its order; the fourteenth row lost its name.
FIRST_PAGE = """비트코인 BTC|이더리움 ETH|리플 XRP|라이트코인 LTC|이오스 EOS|비트코인 캐시 BCH
스텔라루멘 XLM|트론 TRX|에이다 ADA|비트코인에스브이 BSV|모네로 XMR|대시 DASH|이더리움 클래식 ETC
제트캐시 ZEC|비체인 VET|웨이브 WAVES|베이직어텐션토큰 BAT|비트코인 골드 BTG|퀀텀 QTUM|오미세고 OMG
체인링크 LINK|질리카 ZIL|어거 REP"""

MARKET_LISTS = """Theta Fuel TFUEL|Ethereum Classic ETC|Polygon MATIC|ApeCoin APE|THORChain RUNE
UNUS SED LEO LEO|Fei USD FEI|Quant QNT|eCash XEC|Trust Wallet Token TWT|OKB OKB|USDD USDD
Pax Dollar USDP|Lido DAO LDO|Convex Finance CVX|NEAR Protocol NEAR|Tether USDt USDT|Tether USDT
USD Coin USDC|USDC USDC|Dogecoin DOGE|Solana SOL|BNB BNB|XRP XRP|บิตคอยน์ BTC|ビットコイン BTC
リップル XRP|モナコイン MONA|比特币 BTC|比特幣 BTC|以太坊 ETH|瑞波币 XRP|Биткоин BTC|بيتكوين BTC"""

RENAMED = """MATIC MATIC|POL POL|Matic Network MATIC|Polygon (POL) POL|Polygon (MATIC) MATIC
POL (ex-MATIC) POL|LUNA LUNA|LUNC LUNC|Terra Classic LUNC|루나 클래식 LUNC|루나 LUNA|Terra (LUNC) LUNC
NEM XEM|넴 XEM|Antshares ANS|네오 NEO|RaiBlocks XRB|XRB XRB|NANO NANO|XNO XNO|Elrond EGLD
MultiversX EGLD|ERD ERD|Fantom FTM|FTM FTM|이오스 EOS|Vaulta A|Maker MKR|MakerDAO MKR|Sky SKY|Golem GLM
GNT GNT|Augur REP|OmiseGO OMG|Crypto.com Chain CRO|Cronos CRO|크립토닷컴체인 CRO|Klaytn KLAY|카이아 KAIA
Render Token RENDER|RNDR RNDR|Binance Coin BNB|바이낸스코인 BNB|비앤비 BNB|BCHSV BSV|비트코인SV BSV
XBT BTC|MIOTA MIOTA|스텔라 XLM|엑스알피 XRP|도지 DOGE"""

FORMS = [  # one name as pages print it
    *(
        (text, "BCH")
        for text in ("Bitcoin Cash", "BitcoinCash", "bitcoin cash", "BITCOIN CASH", "Bitcoin-Cash")
    ),
    *(
        (text, "BCH")
        for text in (
            "Bitcoin  Cash",
            "Bitcoin\u00a0Cash",
            "\tBitcoin\u202fCash ",
            "비트코인캐시",
            "비트코인  캐시",
        )
    ),
    *(
        (text, "BTC")
        for text in (
            "ＢＴＣ",
            "Ｂｉｔｃｏｉｎ",
            "Bitcoin (BTC)",
            "비트코인(BTC)",
            "비트코인（ＢＴＣ）",
            "BTC [비트코인]",
        )
    ),
    ("엑스알피 [리플]", "XRP"),
    ("Tether USDt (USDT)", "USDT"),
    ("Foo (BTC)", "BTC"),
    ("Bitcoin (FOO)", "BTC"),
    ("Highstreet (HIGH)", "HIGH"),
    ("대시 (DASH)", "DASH"),
]

UNKNOWN = """btc|eth|one|link|Link|sand|dot|near|waves|gold|Gold|silver|euro|dollar|EUR|USD|KRW|JPY|XAU
XAG|SPX|COIN|MSTR|NVDA|금|은|달러|유로|코스피|코스닥|환율|Bitcoins|ETHIC|BCC|HIGH|OPEN|ATH|ROA|Status
Balance|Bitcoin (ETH)|Bitcoin Cash (BSV)|리플 (BTC)|Meta Platforms (META)|Acme (SUI)|AT&T (T)|Gold (GAS)
CMC Crypto 200|Bitcoin ETF|(BTC)|BTC)|()|(|[|Bitcoin (|비트코인은|삼성전자"""

WEAK = """NEAR|Near|GAS|Gas|가스|ONE|HOT|LINK|FUN|DASH|Dash|대시|리스크|아크|퀀텀|META|SAND|MASK|KEY|STX
BAT|T|AR|OP|W|S|A|SOL|LTC|BCH|EOS|ETC|TRX|BTG|UNI|COMP|SUI|SEI|NEO|TON|톤|LUNA|Luna|COMP|Compound|Waves
웨이브|Cosmos|Avalanche|Stellar|Ripple|Tether|Polygon|Maker|The Graph|하이브|HIVE|나노|오로라|포도|스팀
메탈|Metal|NFT|UST|MNT|RON|PI|ID|IP|BTS|BSV|USDX|BOS|EWT"""

STRONG = """BTC|XBT|ETH|XRP|USDT|USDC|DOGE|ADA|XLM|XMR|비트코인|이더리움|리플|이오스|에이다|트론|테더
모네로|Bitcoin|Ethereum|Litecoin|Dogecoin|NEAR Protocol|Bitcoin Cash|Basic Attention Token
The Open Network|Lido DAO|Chainlink|USD Coin|솔라나|체인링크|비트코인 캐시"""

LONGEST = [  # text, where, what is found there, symbol
    ("Bitcoin Cash 306.93", 0, "Bitcoin Cash", "BCH"),
    ("Bitcoin Cash306.93", 0, "Bitcoin Cash", "BCH"),
    ("Bitcoin  Cash", 0, "Bitcoin  Cash", "BCH"),
    ("Bitcoin\nCash", 0, "Bitcoin", "BTC"),
    ("Bitcoin30,347.28", 0, "Bitcoin", "BTC"),
    ("1Bitcoin", 1, "Bitcoin", "BTC"),
    ("BitcoinBTC$92,638", 0, "BitcoinBTC", "BTC"),
    ("Ethereum ClassicETC4.1", 0, "Ethereum ClassicETC", "ETC"),
    ("• BTC • ETH", 2, "BTC", "BTC"),
    ("BTC가격 100", 0, "BTC", "BTC"),
    ("BTC-USD", 0, "BTC", "BTC"),
    ("BTC/KRW", 0, "BTC", "BTC"),
    ("Bitcoin (BTC)", 0, "Bitcoin", "BTC"),
    ("비트코인BTC", 0, "비트코인", "BTC"),
    ("비트코인BTC", 4, "BTC", "BTC"),
    ("비트코인은 오르고", 0, "비트코인", "BTC"),
    ("비트코인\u00a0캐시 245,600", 0, "비트코인\u00a0캐시", "BCH"),
    ("비트코인SV 1", 0, "비트코인SV", "BSV"),
    ("ＢＴＣ\u3000１", 0, "ＢＴＣ", "BTC"),
    ("Ｂｉｔｃｏｉｎ\u3000Ｃａｓｈ", 0, "Ｂｉｔｃｏｉｎ\u3000Ｃａｓｈ", "BCH"),
    ("Terra (LUNC) 0.0001", 0, "Terra (LUNC)", "LUNC"),
    ("1인치 500", 0, "1인치", "1INCH"),
    ("1INCH 0.3", 0, "1INCH", "1INCH"),
    ("USDT0 1.00", 0, "USDT0", "USDT0"),
    ("T 0.02", 0, "T", "T"),
    ("ビットコインキャッシュ", 0, "ビットコインキャッシュ", "BCH"),
    ("ราคาบิตคอยน์วันนี้", 4, "บิตคอยน์", "BTC"),
]

NOTHING = [  # text, where
    *(
        (text, 0)
        for text in (
            "Bitcoins",
            "ETHIC",
            "ETH2",
            "Bitcoin2x",
            "Bitcoin_x",
            "BTC17.94M",
            "USDT01",
            "코인987",
            "",
        )
    ),
    *(
        (text, 0)
        for text in (
            "the graph shows",
            "near the end",
            "one",
            "link",
            "HIGH 64,000",
            "Status: ok",
            "Linked",
            " BTC",
        )
    ),
    ("1BTC", 1),
    ("xBitcoin", 1),
    ("11인치", 1),
    ("비트코인BTCx", 4),
    ("BTC", 3),
]

USER_TABLES = [  # a user's table, and what its names then stand for
    ("symbol\nNEAR\n", {"NEAR": Coin("NEAR", False), "NEAR Protocol": Coin("NEAR", False), "Near": None}),
    (
        "weak,korean,symbol\n1,새코인,NEW\n",
        {"NEW": Coin("NEW", True), "새코인": Coin("NEW", True), "new": None},
    ),
    (
        "\ufeffsymbol,others\r\nSATO, 사토시 | Satoshi Coin\r\n",
        {"사토시": Coin("SATO", False), "satoshi coin": Coin("SATO", False)},
    ),
    (
        "symbol,english\nXYZ,Bitcoin\n",
        {"Bitcoin": Coin("XYZ", False), "BITCOIN": Coin("XYZ", False), "BTC": Coin("BTC", False)},
    ),
    ('symbol,english,weak\nQQ,"Foo, Bar",QQ\n\n', {"Foo, Bar": Coin("QQ", False), "QQ": Coin("QQ", True)}),
    ("symbol,english\nZ9,１２  Ｍｏｎｋｅｙｓ\n", {"12 monkeys": Coin("Z9", False)}),
]

BAD_TABLES = [  # a user's table, the line at fault, the reason
    ("", 1, "no head"),
    ("name,ticker\nBitcoin,BTC\n", 1, "no head"),
    ("symbol,english,colour\nBTC,Bitcoin,orange\n", 1, "no head"),
    ("symbol,english\n,Bitcoin\n", 2, "'' is no symbol"),
    ("symbol\nBTC\nnew\n", 3, "'new' is no symbol"),
    ("symbol\nA B\n", 2, "'A B' is no symbol"),
    ("symbol,english\nNEW,One,Two\n", 2, "more cells"),
    ("symbol,english,weak\nNEW,Newcoin,Newkoin\n", 2, "'Newkoin'"),
    ("symbol,english\nNEW,Newcoin\nNWC,new-coin\n", 3, "also a spelling of NEW on line 2"),
    ('symbol,english\nNEW,"Newcoin\n', 2, "no CSV"),
]


def pairs(cases: str) -> list[tuple[str, str]]:
    """`name SYMBOL` cases, one between bars or line ends."""
    return [(name, symbol) for case in split(cases) for name, _, symbol in [case.rpartition(" ")]]


def split(cases: str) -> list[str]:
    return re.split(r"[|\n]", cases)


@pytest.mark.parametrize(
    ("printed", "symbol"), [*pairs(FIRST_PAGE), *pairs(MARKET_LISTS), *pairs(RENAMED), *FORMS]
)
def test_a_printed_name_has_its_symbol(printed: str, symbol: str) -> None:
    assert KNOWN.symbol(printed) == symbol


@pytest.mark.parametrize("printed", [*split(UNKNOWN), "", " ", "a" * 10_000, "(" * 10_000])
def test_what_is_no_coin_has_none(printed: str) -> None:
    assert KNOWN.symbol(printed) is None


@pytest.mark.parametrize(("listed", "weak"), [(WEAK, True), (STRONG, False)])
def test_words_shares_and_units_are_weak_and_names_are_not(listed: str, weak: bool) -> None:
    wrong = [text for text in split(listed) if (coin := KNOWN.get(text)) is None or coin.weak is not weak]
    assert not wrong


def test_two_agreeing_halves_are_sure() -> None:
    assert KNOWN.get("Compound (COMP)") == Coin("COMP", False)
    assert KNOWN.get("HIVE (HIVE)") == Coin("HIVE", True)  # the same word twice says nothing more
    assert KNOWN.get("BTC (BTC)") == Coin("BTC", False)


@pytest.mark.parametrize(("text", "at", "found", "symbol"), LONGEST)
def test_the_longest_spelling_is_found(text: str, at: int, found: str, symbol: str) -> None:
    hit = KNOWN.longest(text, at)
    assert hit is not None
    assert (text[at : hit[0]], hit[1].symbol) == (found, symbol)


@pytest.mark.parametrize(("text", "at"), NOTHING)
def test_no_spelling_is_found_inside_words(text: str, at: int) -> None:
    assert KNOWN.longest(text, at) is None


def test_a_name_glued_to_its_own_ticker_is_sure() -> None:
    assert KNOWN.longest("CompoundCOMP58.1") == (12, Coin("COMP", False))
    assert KNOWN.longest("Compound58.1") == (8, Coin("COMP", True))


def test_every_spelling_finds_its_own_coin() -> None:
    for symbol, text in CELLS:
        if text in coins.LABELS:
            continue
        assert KNOWN.symbol(text) == symbol, text
        hit = KNOWN.longest(f"{text} 1,234.5")
        assert hit is not None, text
        assert (hit[1].symbol, text[hit[0] :].strip(")]")) == (symbol, ""), text


def test_the_table_is_wide_and_its_spellings_are_one_coin_s_each() -> None:
    owners: dict[str, str] = {}
    shared = [text for symbol, text in CELLS if owners.setdefault(identity(text), symbol) != symbol]
    assert not shared
    assert len({row["symbol"] for row in ROWS}) == len(ROWS) >= 500
    assert sum(bool(row["korean"]) for row in ROWS) >= 300
    assert len(KNOWN) == len(KNOWN.spellings()) == len({*CELLS})
    assert coins.spellings() == KNOWN.spellings()


def test_the_table_is_tidy() -> None:
    assert [row["symbol"] for row in ROWS] == sorted(row["symbol"] for row in ROWS)
    assert not [text for _, text in CELLS if " ".join(text.split()) != text or not text.isprintable()]
    assert not [text for _, text in CELLS if fold(text) != text.replace("-", " ")]


def test_short_spellings_and_currency_codes_are_weak() -> None:
    codes = {"MNT", "RON", "SBD", "SCR", "ERN"}  # ISO 4217 codes that are tickers too
    short = {text for _, text in CELLS if text.isascii() and len(text) <= 2 and text not in coins.LABELS}
    assert not [text for text in codes | short if (coin := KNOWN.get(text)) and not coin.weak]


@pytest.mark.parametrize(("table", "expected"), USER_TABLES)
def test_a_user_s_table_adds_and_overrides(
    tmp_path: Path, table: str, expected: dict[str, Coin | None]
) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(table.encode())
    known = coins.load(path)
    assert {name: known.get(name) for name in expected} == expected
    assert known.symbol("이더리움") == "ETH"
    assert coins.load() is KNOWN


@pytest.mark.parametrize(("table", "line", "reason"), BAD_TABLES)
def test_a_bad_table_is_named_with_its_line(tmp_path: Path, table: str, line: int, reason: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(CoinsError, match=re.escape(reason)) as caught:
        coins.load(path)
    assert caught.value.subject == f"{path}:{line}"
    assert caught.value.remedy


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    cp949 = tmp_path / "cp949.csv"
    cp949.write_bytes("symbol,korean\nNEW,새코인\n".encode("cp949"))
    for path, reason in (
        (tmp_path / "none.csv", "cannot be read"),
        (tmp_path, "cannot be read"),
        (cp949, "not UTF-8"),
    ):
        with pytest.raises(CoinsError, match=reason) as caught:
            coins.load(path)
        assert caught.value.subject == str(path)


def test_a_coin_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        KNOWN.get("BTC").symbol = "ETH"  # type: ignore[union-attr, misc]


PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from([text for _, text in CELLS]),
    st.sampled_from(
        [
            " ",
            "  ",
            "\u00a0",
            "\n",
            "-",
            "(",
            ")",
            "[",
            "|",
            "1,234.5",
            "%",
            "은",
            "x",
            "_",
            "\u3000",
            "İ",
            "ß",
        ]
    ),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_any_text_is_read_without_a_crash_and_what_is_found_is_there(text: str) -> None:
    KNOWN.get(text)
    for at in range(len(text) + 1):
        if hit := KNOWN.longest(text, at):
            end, coin = hit
            printed = text[at:end]
            assert at < end <= len(text)
            assert "\n" not in printed
            assert KNOWN.symbol(printed) == coin.symbol or printed.endswith(coin.symbol)


@given(
    st.sampled_from([text for _, text in CELLS if text not in coins.LABELS]),
    st.sampled_from(["\u00a0", "  ", "\u3000", "\t"]),
)
def test_white_space_and_full_width_forms_make_no_difference(text: str, space: str) -> None:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    for printed in (text.replace(" ", space), text.translate(wide)):
        assert KNOWN.symbol(printed) == KNOWN.symbol(text)
        hit, plain = KNOWN.longest(printed), KNOWN.longest(text)
        assert hit is not None and plain is not None
        assert hit[1] == plain[1]


PRINTS = [
    "{}",
    "{} ({t})",
    "{t}/KRW",
    "KRW-{t}",
    "{t}USDT",
    "{} price",
    "1. {}",
    "{}{t}",
    "{t}{}",
    "#12 {}",
    "{}/US Dollar",
]


@pytest.mark.parametrize("printed", PRINTS)
def test_what_names_a_coin_may_name_one(printed: str) -> None:
    """The search that spares nearly all words the reading never spares a name, in any case and print."""

    class Asked(coins.Coins):
        __slots__ = ()

        def may_name(self, words: str) -> bool:
            return True

    asked = Asked(KNOWN._rows)
    for symbol, text in CELLS:
        for spelled in (text, text.upper(), text.lower(), text.title(), text.replace(" ", "-")):
            words = printed.format(spelled, t=symbol)
            assert KNOWN.may_name(words) or name_of.__wrapped__(words, asked) is None, words


@pytest.mark.parametrize(
    "words", ["Read more about it", "Märkte im Überblick", "오늘의 날씨는 맑음", "12:30", "", "Łódź"]
)
def test_other_words_are_not_read(words: str) -> None:
    assert not KNOWN.may_name(words)


def test_half_a_surrogate_pair_is_no_error() -> None:
    assert name_of("\udc80 Bitcoin", KNOWN) is None or KNOWN.may_name("\udc80 Bitcoin")


@given(st.lists(st.lists(PIECES, max_size=4).map("".join) | st.text(max_size=8)))
def test_many_words_are_searched_as_each_alone(words: list[str]) -> None:
    assert KNOWN.naming(words) == {one for one in words if KNOWN.may_name(one)}


def test_a_name_behind_its_ticker_is_no_pair_though_it_begins_like_one() -> None:
    found = name_of("USDCUSD Coin", KNOWN)
    assert found is not None and (found.symbol, found.currency, found.mentions) == ("USDC", None, 2)
