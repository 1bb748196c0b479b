"""Lists for fitting, made by a fixed seed: coins of one week in one currency, in the columns that sites have.

A habit is what a site prints of each coin, a column a word. The first habits hold prices; the others hold everything
else that is printed beside coins' names, and none of their figures is a present price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from tracker.coins import costs

COINS = {
    "BTC": ("Bitcoin", "비트코인", "ビットコイン"), "ETH": ("Ethereum", "이더리움", "イーサリアム"),
    "XRP": ("XRP", "리플", "リップル"), "LTC": ("Litecoin", "라이트코인", "ライトコイン"),
    "ADA": ("Cardano", "에이다", "カルダノ"), "DOGE": ("Dogecoin", "도지코인", "ドージコイン"),
    "SOL": ("Solana", "솔라나", "ソラナ"), "DOT": ("Polkadot", "폴카닷", "ポルカドット"),
    "LINK": ("Chainlink", "체인링크", "チェーンリンク"), "XLM": ("Stellar", "스텔라루멘", "ステラルーメン"),
    "BCH": ("Bitcoin Cash", "비트코인 캐시", "ビットコインキャッシュ"), "TRX": ("TRON", "트론", "トロン"),
    "AVAX": ("Avalanche", "아발란체", "アバランチ"), "ATOM": ("Cosmos", "코스모스", "コスモス"),
}  # fmt: skip
LANGUAGES = {"en": 0, "ko": 1, "ja": 2, "de": 0, "es": 0}
# the currency, how a figure of it is printed, and its code in the table of what coins cost
MONEY = (
    ("USD", "${}"), ("USD", "${}"), ("USD", "{} USD"), ("USD", "US${}"), ("KRW", "{}원"), ("KRW", "₩{}"), ("JPY", "¥{}"),
    ("EUR", "{} €"), ("EUR", "€{}"), ("", "{}"), ("", "{}"), ("", "{}"),
)  # fmt: skip
OTHER_MONEY = {"USD": ("EUR", "€{}"), "EUR": ("USD", "${}"), "KRW": ("USD", "${}"), "JPY": ("USD", "${}")}

# a column -> its head in each language, and the word of its class
HEADS = {
    "rank": ("#", "순위", "順位", "Rang", "#", "rank"),
    "name": ("Name", "코인", "銘柄", "Name", "Nombre", "name"),
    "symbol": ("Symbol", "심볼", "シンボル", "Symbol", "Símbolo", "symbol"),
    "price": ("Price", "현재가", "価格", "Kurs", "Precio", "price"),
    "other-price": ("Price (EUR)", "해외가", "ドル価格", "Kurs (USD)", "Precio (USD)", "price2"),
    "change": ("24h %", "변동률(24h)", "24時間", "24h", "24h %", "change"),
    "hour": ("1h %", "1시간", "1時間", "1h", "1h %", "h1"),
    "week": ("7d %", "7일", "7日", "7d", "7d %", "d7"),
    "amount": ("Change", "전일대비", "前日比", "+/-", "Cambio", "diff"),
    "cap": ("Market Cap", "시가총액", "時価総額", "Marktkap.", "Cap. de mercado", "cap"),
    "volume": ("Volume (24h)", "거래대금(24H)", "取引高", "Volumen", "Volumen (24h)", "volume"),
    "supply": ("Circulating Supply", "유통량", "供給量", "Umlauf", "Suministro", "supply"),
    "high": ("High", "고가", "高値", "Hoch", "Máximo", "high"),
    "low": ("Low", "저가", "安値", "Tief", "Mínimo", "low"),
    "open": ("Open", "시가", "始値", "Eröffnung", "Apertura", "open"),
    "bid": ("Bid", "매수호가", "買値", "Geld", "Compra", "bid"),
    "ask": ("Ask", "매도호가", "売値", "Brief", "Venta", "ask"),
    "ath": ("All-Time High", "역대 최고가", "史上最高値", "Allzeithoch", "Máximo histórico", "ath"),
    "target": ("Target 2030", "목표가", "目標", "Kursziel", "Precio objetivo", "target"),
    "upside": ("Upside", "상승 여력", "上昇余地", "Potenzial", "Potencial", "upside"),
    "held": ("Holdings", "보유량", "保有量", "Bestand", "Tenencia", "holdings"),
    "worth": ("Value", "평가금액", "評価額", "Wert", "Valor", "value"),
    "paid": ("Avg. Buy Price", "매수평균가", "平均取得単価", "Kaufpreis", "Precio medio de compra", "avg"),
    "profit": ("Profit", "평가손익", "損益", "Gewinn", "Ganancia", "pnl"),
    "fee": ("Withdrawal Fee", "출금 수수료", "出金手数料", "Gebühr", "Comisión", "fee"),
    "least": ("Minimum", "최소 출금", "最低額", "Minimum", "Mínimo de retiro", "min"),
    "yield": ("APY", "연이율", "年利", "Rendite", "Rendimiento", "apy"),
    "share": ("Dominance", "점유율", "シェア", "Anteil", "Dominancia", "dominance"),
    "before": ("2017", "2017", "2017年", "2017", "2017", "y2017"),
    "later": ("2021", "2021", "2021年", "2021", "2021", "y2021"),
    "flow": ("Net Flow (US$m)", "순유입", "純流入", "Zuflüsse", "Flujo neto", "flow"),
    "interest": ("Open Interest", "미결제약정", "建玉", "Open Interest", "Interés abierto", "oi"),
    "trades": ("Trades", "거래 건수", "取引件数", "Trades", "Operaciones", "trades"),
    "followers": ("Followers", "팔로워", "フォロワー", "Follower", "Seguidores", "followers"),
    "premium": ("Premium", "김프", "プレミアム", "Aufschlag", "Prima", "premium"),
}  # fmt: skip

PRICED = {
    "price and change": "name price change",
    "ranked": "rank name price change",
    "change first": "name change price",
    "ticker beside the name": "name symbol price change",
    "price, amount, percent": "name price amount change",
    "price alone": "name price",
    "before cap and volume": "rank name price change cap volume",
    "behind the cap": "rank name cap price volume supply change",
    "behind the volume": "name volume price change",
    "three windows": "name price hour change week",
    "an exchange's": "symbol price change high low volume",
    "open, high, low, price": "name open high low price change",
    "in other money too": "name price other-price change",
    "a portfolio's": "name price held worth",
    "price and record": "name price ath",
    "price and target": "name price target upside",
    "price and premium": "name price other-price premium",
    "index members": "name share price change",
}
# what is no list of prices -> its columns, and the words that stand above it
OTHERWISE = {
    "market values": ("rank name cap change", ("Market value by coin", "시가총액 순위")),
    "volumes": ("name volume change", ("Trading volume in the last 24 hours", "거래대금 상위")),
    "supplies": ("name supply", ("How many coins are there", "유통량")),
    "holdings": ("name held worth", ("The treasury's holdings", "보유 자산")),
    "profits": ("name held paid profit", ("My portfolio", "내 투자 손익")),
    "purchases": ("name paid profit", ("Average cost of purchase", "매수 평균가")),
    "fees": ("name fee least", ("Withdrawal fees", "출금 수수료 안내")),
    "targets": ("name target upside", ("Analysts' price targets for 2030", "2030년 목표가 전망")),
    "records": ("name ath upside", ("All-time highs", "역대 최고가")),
    "years": ("name before later", ("What coins cost at the end of the year", "연말 종가")),
    "highs and lows": ("name high low", ("High and low of the year", "올해 고가와 저가")),
    "yields": ("name yield least", ("Staking rewards", "스테이킹 보상")),
    "shares": ("name share cap", ("Dominance by market cap", "점유율")),
    "flows": ("name flow change", ("Weekly fund flows, US$ million", "주간 자금 유입")),
    "open interest": ("name interest change", ("Open interest of futures", "미결제약정")),
    "trades": ("name trades volume", ("Number of trades", "거래 건수")),
    "followers": ("name followers change", ("Followers of the project", "팔로워 수")),
    "premiums": ("name premium", ("Kimchi premium", "김치 프리미엄")),
}
# habits that nobody could read without heads: which of the figures is the price, or that a percent is no change
TOLD = frozenset(("open, high, low, price", "an exchange's", "price and record", "price and target", "price and premium",
                  "index members", "a portfolio's", "three windows"))  # fmt: skip


@dataclass(frozen=True)
class Coin:
    """One row: what each column holds as a bare figure with a point, signs before changes."""

    symbol: str
    figures: dict[str, str]


@dataclass(frozen=True)
class Made:
    """A list before it is printed: its columns, its rows, its language, and how its money is printed."""

    habit: str
    columns: tuple[str, ...]
    coins: tuple[Coin, ...]
    language: str
    money: tuple[str, str]
    words: str  # above it

    @property
    def priced(self) -> bool:
        return "price" in self.columns

    def head(self, column: str) -> str:
        return HEADS[column][list(LANGUAGES).index(self.language)]

    def cell(self, column: str, coin: Coin) -> str:
        """A cell as the site prints it."""
        if column == "name":
            return COINS[coin.symbol][LANGUAGES[self.language]]
        if column == "symbol":
            return coin.symbol
        if column == "rank":
            return str(self.coins.index(coin) + 1)
        text = _grouped(coin.figures[column], comma=self.language in ("de", "es"))
        if column in _PERCENTS:
            return f"{text}%"
        if column in _MONEY:
            return _marked(text, self.money[1])
        if column == "other-price":
            return _marked(text, OTHER_MONEY[self.money[0] or "USD"][1])
        return f"{text} {coin.symbol}" if column in ("supply", "held", "fee", "least") else text


_PERCENTS = frozenset("change hour week upside yield share premium".split())
_MONEY = frozenset(
    "price cap volume high low open bid ask ath target worth paid profit before later flow interest".split()
)


def made(habit: str, turn: int) -> Made:
    """The list that a habit gives at a turn: the same at each run. Turns differ in all that a site may choose."""
    random = Random(f"{habit} {turn}")
    columns, titles = (PRICED[habit], ()) if habit in PRICED else OTHERWISE[habit]
    language = random.choice(list(LANGUAGES))
    money = random.choice(MONEY)
    size = random.choice((2, 3, 4, 5, 7, 10))
    coins = _coins(random, money[0] or "USD", size)
    if titles:
        words = titles[language == "ko"]
    else:
        words = random.choice(
            ("", "", "Crypto prices", "Markets", "실시간 시세" if language == "ko" else "Top coins")
        )
    return Made(habit, tuple(columns.split()), coins, language, money, words)


def _coins(random: Random, money: str, size: int) -> tuple[Coin, ...]:
    """Coins of one week at what they cost; now and then one misprinted, or all far from any week."""
    week = random.choice(range(300, 660))
    known = [symbol for symbol in COINS if week in costs._coin(symbol)]
    rates = costs._rates(money)
    chosen = random.sample(known, min(size, len(known)))
    later = random.random() < 0.1  # a week that the table does not have
    found = []
    for symbol in chosen:
        low, high = costs._coin(symbol)[week]
        price = random.uniform(low, high) * rates[week][0]
        price *= random.uniform(0.3, 3) if later else 1
        found.append(Coin(symbol, _figures(random, price, money, week)))
    return tuple(sorted(found, key=lambda coin: list(COINS).index(coin.symbol)))


def _figures(random: Random, price: float, money: str, week: int) -> dict[str, str]:
    """All that may be printed of a coin at a price."""
    pct = round(random.gauss(0, 4), 2)
    supply = random.uniform(2e7, 5e10)
    held = random.uniform(0.01, 500)
    shown = float(_short(price))
    other = costs._rates(OTHER_MONEY[money][0])[week][0] / costs._rates(money)[week][0]
    amounts = {
        "price": price, "other-price": price * other, "cap": price * supply, "volume": price * supply / 40,
        "supply": supply, "high": price * random.uniform(1.2, 3), "low": price * random.uniform(0.3, 0.9),
        "open": price * random.uniform(0.95, 1.05), "bid": price * 0.999, "ask": price * 1.001,
        "ath": price * random.uniform(1.3, 30), "target": price * random.uniform(2, 40), "held": held,
        "worth": held * price, "paid": price * random.uniform(0.3, 3), "before": price * random.uniform(0.02, 0.6),
        "later": price * random.uniform(0.3, 5), "interest": price * supply / 90, "trades": random.uniform(500, 9e6),
        "followers": random.uniform(9000, 7e6), "fee": random.uniform(0.0001, 2), "least": random.uniform(0.001, 30),
        "flow": random.uniform(1, 900),
    }  # fmt: skip
    signed = {
        "change": pct, "hour": random.gauss(0, 1), "week": random.gauss(0, 9), "upside": random.uniform(-95, 900),
        "premium": random.gauss(1, 2),
    }  # fmt: skip
    bare = {"yield": random.uniform(0.5, 14), "share": random.uniform(0.1, 55)}
    whole = {name: _short(value) for name, value in amounts.items()}
    for name in ("cap", "volume", "supply", "interest", "trades", "followers"):
        whole[name] = f"{amounts[name]:.0f}"
    profit = held * price * random.gauss(0, 0.4)
    return {
        **whole, **{name: f"{value:+.2f}" for name, value in signed.items()},
        **{name: f"{value:.2f}" for name, value in bare.items()},
        "amount": _signed(shown - shown / (1 + pct / 100)), "profit": _signed(profit),
    }  # fmt: skip


def _signed(value: float) -> str:
    return ("-" if value < 0 else "+") + _short(abs(value))


def _short(value: float) -> str:
    """A figure with the digits that sites give it: `67123.45`, `0.4612`."""
    return f"{value:.0f}" if value >= 10**5 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"


@cache
def _grouped(text: str, comma: bool) -> str:
    """`-1234.5` -> `-1,234.5`, or `-1.234,5`."""
    sign = text[0] if text[0] in "+-" else ""
    whole, dot, fraction = text.removeprefix(sign).partition(".")
    printed = f"{sign}{int(whole):,}{dot}{fraction}"
    return printed.translate(str.maketrans(",.", ".,")) if comma else printed


def _marked(text: str, form: str) -> str:
    """A figure with its money, its sign before both."""
    sign = text[0] if text[0] in "+-" else ""
    return sign + form.format(text.removeprefix(sign))
