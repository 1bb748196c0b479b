"""What the words of a table mean: column heads, labels beside a figure, words that are signs. Pure data and its reading.

A table is understood by its words before its figures: which column is the price, which the change, over what
window. The lists hold words of tables, not of sites, in the languages whose pages have been met.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from .values import currency_of

Role = Literal["name", "rank", "price", "change", "other"]
# name    the coin's name or symbol: no figure stands in this column
# rank    a running number
# other   a figure that is neither price nor change: market cap, volume, supply, high, low, open, ratio, premium …

_WORDS: dict[Role, str] = {
    "name": """name|code|coin|coins|cryptocurrency|crypto|symbol|ticker|asset|currency|token|market|pair|instrument|index
        |종목|종목명|코인|코인명|화폐|화폐명|이름|명칭|가상화폐|가상자산|암호화폐|암호자산|심볼|티커|자산|구분|마켓
        |銘柄|銘柄名|通貨|通貨名|名称|コイン|仮想通貨|暗号資産|シンボル|币种|名稱|幣種|代码|交易对|เหรียญ|ชื่อ
        |währung|kryptowährung|coin name|nombre|moneda|criptomoneda|nome|moeda|criptomoeda|ativo|nom|crypto-monnaie
        |criptovaluta|название|монета|криптовалюта|tên|tên coin|koin|para birimi|naam|munt
        |kryptowaluta|kryptowaluty|moneta|waluta|kryptoměna|kryptovaluta|valuta|criptoactivo|activo|aset|aset kripto|nama|pasangan|pair name|νόμισμα|عملة|العملة|संपत्ति""",
    "rank": "#|no|no.|nr|nr.|rank|순위|번호|순번|順位|排名|№|rang|rank #|ranking|pos|pos.|hạng",
    "price": """price|last price|last|latest price|current price|price now|coin price|quote|rate|value|close|live price
        |현재가|현재가격|현재 가격|시세|가격|현재시세|최근가|체결가|종가|금액|실시간 시세|현재가(실시간)|코인 가격
        |価格|現在価格|現在値|現在の価格|最新価格|終値|价格|價格|最新价|最新價|现价|現價|单价
        |ราคา|ราคาล่าสุด|preis|kurs|aktueller kurs|aktueller preis|letzter|precio|último|último precio|cotización
        |cotação|preço|último preço|valor|cours|prix|dernier|prezzo|ultimo|quotazione|цена|курс|последняя|последняя цена
        |giá|harga|harga terakhir|fiyat|son fiyat|son|prijs|koers|laatste
        |cena|pris|preț|ár|τιμή|ціна|السعر|سعر|nilai|harga (idr)|harga (usd)|kurs (pln)|最終|ultimo prezzo|cours actuel|precio (usd)|precio actual|letzter kurs""",
    "change": """change|chg|chg.|change %|chg %|% chg|% change|%change|change percentage|net change|price change|move|moves|+/-|var|var.|var %
        |% var|gain|gains|move|performance|perf|perf.|swing
        |변동률|변동율|등락률|등락율|변동|등락|등락폭|변동폭|변동액|전일대비|전일비|전일 대비|대비|전일比|변화율|변화|수익률
        |상승률|하락률|증감|증감률|등락가|변동금액|변동가|전일 대비 변동률|전일대비 등락률
        |変動率|変動|変化率|変化|前日比|前日差|騰落率|騰落|涨跌幅|涨跌|漲跌幅|漲跌|涨幅|漲幅|变化|เปลี่ยนแปลง|การเปลี่ยนแปลง
        |änderung|änderungen|änderung %|veränderung|diff|diff.|entwicklung|cambio|cambio %|variación|var. %
        |variação|variação %|variation|évolution|variazione|изменение|изм.|изм|измен.|thay đổi|biến động
        |perubahan|değişim|değişim %|fark|verandering|wijziging|%
        |zmiana|změna|förändring|ændring|endring|schimbare|változás|зміна|التغير|+/- %|% +/-|±%|veränd.|var. 24h|variación 24h|perubahan 24j|24j|var 24h|var jour|var. jour|veloce|diff. %|diff %|ch%|1d %|day %|tag %""",
    "other": """market cap|market value|mkt cap|mkt. cap|marketcap|market capitalization|market capitalisation|capitalization|cap|m.cap
        |volume|vol|vol.|trading volume|turnover|amount|quantity|circulating supply|supply|max supply|total supply
        |available supply|high|low|open|day high|day low|range|day range|bid|ask|spread|previous close|prev. close|prev close
        |fdv|fully diluted valuation|market cap / fdv|dominance|market share|share|weight|premium|ath|atl|all time high
        |all-time high|volatility|liquidity|tvl|holders|trades|chart|graph|last 7 days|24h range|ratio|score|sentiment
        |시가총액|시총|거래량|거래대금|거래금액|거래액|유통량|유통 공급량|공급량|발행량|최대 공급량|총 발행량|고가|저가|시가|최고가|최저가
        |최고|최저|고점|저점|매수|매도|매수가|매도가|매수호가|매도호가|호가|점유율|비중|도미넌스|김프|김치프리미엄|프리미엄|괴리율|총 시가|전일종가|전일 종가
        |금일 변동|52주|보유량|수량|잔고|평균단가|평단가|평가금액|체결강도|차트|그래프|수수료|최고 거래가|최저 거래가
        |時価総額|取引高|出来高|取引量|供給量|高値|安値|始値|買値|売値|买价|卖价|市值|總市值|成交量|成交额|成交額|流通量|最高价|最低价|最高|最低
        |มูลค่าตามราคาตลาด|ปริมาณ|ปริมาณการซื้อขาย|marktkapitalisierung|handelsvolumen|umsatz|volumen|hoch|tief|eröffnung
        |capitalización|capitalización de mercado|cap. de mercado|cap. mercado|máximo|mínimo|apertura|capitalização|cap. de mercado
        |máxima|mínima|abertura|capitalisation|cap. marché|plus haut|plus bas|ouverture|capitalizzazione|massimo|minimo|apertura
        |капитализация|объем|объём|рын. кап.|vốn hóa|khối lượng|piyasa değeri|hacim|marktkapitalisatie|handelsvolume
        |kapitalizacja|kapitalizace|wolumen|objem|marknadsvärde|börsværdi|kapitalisasi|kapitalisasi pasar|volume 24j|zeit|uhrzeit|time|hora|heure|시간|時刻|시각|updated|last update|업데이트|datum""",
}
_FILLERS = "the|of|in|usd|krw|eur|jpy|gbp|원|달러|%|price|coin|btc|eth|by|to|per|기준|실시간|today|오늘|currently|hrs|hr"

# window -> how it is printed; a day since the open or the last close is 1d, a rolling day 24h.
_WINDOWS = (
    ("24h", r"24[\s-]?(?:h\b|hr?s?\b|hours?\b|시간|時間|小时|小時|ชม|std\b|stunden|heures?\b|horas?\b|ore\b|ч\b|giờ|saat|jam\b|u\b)"),
    ("1h", r"(?:1|60)[\s-]?(?:h\b|hr\b|hour\b|시간|時間|小时|小時|ชม|std\b|stunde|min\b|분|ч\b)|hourly\b"),
    ("7d", r"7[\s-]?(?:d\b|days?\b|일|日|天|วัน|tage?\b|jours?\b|d[ií]as?\b|дн)|\b(?:weekly|1\s?w|wk|week)\b|일주일|주간|1주"),
    ("5d", r"5[\s-]?(?:d\b|days?\b|일|日)"),
    ("long", r"(?:14|30|60|90|180|200|365)[\s-]?(?:d\b|days?\b|일|日|天|วัน|tage?\b|дн)|\d\s?(?:m|mo|months?|y|yr|years?)\b"
             r"|\bytd\b|개월|1년|\d年|月間|\bmonth\b|\byear\b|monthly"),
    ("1d", r"전일\s?대비|전일비|전일比|전일\s?종가|전날|前日[比差]|\b1[\s-]?(?:d|day|일|日|tag)\b|\bdaily\b|\btoday\b|금일|오늘|당일"),
)  # fmt: skip

# Words that are signs where they stand beside a figure.
_RISE = """gain|gains|gained|up|rise|rises|rose|rising|increase|increased|higher|climbed|climbs|added|jumped|advance
    |상승|올라|오름|급등|상승세|▲상승|上昇|上涨|上漲|涨|漲|高|plus|gestiegen|hausse|sube|subida|alta|rialzo|рост|tăng|naik|yükseliş"""
_FALL = """drop|drops|dropped|down|fall|falls|fell|falling|loss|lost|loses|decrease|decreased|lower|declined|decline|slid
    |slipped|sank|하락|내려|내림|급락|하락세|下落|下跌|跌|安|minus|gefallen|baisse|baja|bajada|queda|baixa|ribasso|падение|giảm|turun|düşüş"""
_LEVEL = "flat|unchanged|unch|steady|보합|변동없음|変わらず|横ばい|持平|unverändert|stable|estable|estável|invariato"

# Words between the name and its figures that carry nothing.
_LINKS = """to|at|is|now|=|:|-|–|/|·|•|by|@|=>|→|as of|price of|usd|krw|eur|won|현재|약|about|around|approx.|approx|and|,|
    |buy|trade|sell|buy now|매수|거래|거래하기|구매|購入|買う|ซื้อ|kaufen|comprar|acheter|купить|mua"""

# Words that say that a list of figures is not one of present prices.
_VETO = re.compile(
    r"predict|forecast|target|outlook for 20|price in 20\d\d|all[- ]time high|\bath\b|holdings?\b|\bbalance|wallet|portfolio"
    r"|\bfees?\b|staking|\bapy\b|\bapr\b|\bdominance\b|hash ?rate|inflows?\b|outflows?\b|open interest|liquidat|funding rate"
    r"|매입|매수 ?평균|매수가|평단|평가손익|\baverage (?:cost|price|buy|purch|entry)|\bavg\b|prix moyen|precio medio|durchschnittspreis|kaufpreis"
    r"|m[aá]ximo hist|allzeit|历史最高|最高値|realized|realised|moving average|이동평균|launch price|\bico\b|objectif|종가 ?기준 ?과거|historical|history|year ago|a year|\bon this day|작년|지난해|년 전|투자했|12월 31일|starting price|anfangs|başlangıç|\bairdrop|converter|convert\b|example|support level|resistance|invest(?:ed|ment) of|mining reward"
    r"|예측|전망|예상|목표가|목표 가격|사상 최고|역대 최고|전고점|신고가|보유|잔고|지갑|수수료|이자율|점유율|해시레이트|순유입|순유출|미결제약정|청산"
    r"|if you had|would be worth|years ago|comisi[oó]n|geb[üu]hr|\bfrais\b|\btaxas?\b|과거 ?(?:시세|데이터)|일별 ?시세|시세 ?추이|거래 ?내역|환산|계산기|예시|지지선|저항선|채굴|매수 ?평균|입출금|시가총액 ?순위"
    r"|予想|予測|目標|過去|手数料|残高|prognose|prévision|pronóstico|predicción|previs[ãa]o|прогноз",
    re.IGNORECASE,
)


_ORNAMENT = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d▲▼△▽↑↓]")
_PERCENT = re.compile(
    r"%|percent|\bpct\b|_pct|률|율|率|幅\(%\)|prozent|pourcent|porcent|por ciento", re.IGNORECASE
)


# Measures that a heading may name beside the price, or instead of it.
_MEASURE = re.compile(
    r"market ?cap|cap\b|capitali[sz]ation|marktkapitalisierung|시가총액|시총|時価総額|市值|капитализац|거래량|거래대금|거래액|volume|umsatz"
    r"|volumen|出来高|成交|보유|수익률"
    r"|address|transactions?|\bp ?[&/]l\b|\bpnl\b|profit|liquidation"
    r"|allocation|비중|reward|yield|difficulty|난이도|supply|공급|发行|tvl|bilan[cz]|saldo|balance|cost\b|coste|prix d'achat|final\b",
    re.IGNORECASE,
)
_PRICES = re.compile(
    r"\bprices?\b|\bquotes?\b|시세|현재가|가격|価格|相場|行情|价格|kurse?\b|\bcours\b|cotiza|cotaç|precio|preço|prezz|курс|цен[аы]|ราคา|giá\b",
    re.IGNORECASE,
)

# Words that say of a list without changes that it is one of market prices.
_MARKET = re.compile(
    r"\bprices?\b|\bmarkets?\b|\bquotes?\b|\bcrypto|\bticker|nasdaq|s&p|\bdow\b|ftse|\bdax\b|nikkei|hang seng|\bgold\b|\boil\b"
    r"|kospi|kosdaq|코스피|코스닥|시세|현재가|암호화폐|가상화폐|가상자산|kurse?\b|\bcours\b|cotiza|cotaç|precios?\b|preço|quotazion"
    r"|相場|価格|行情|价格|仮想通貨|暗号資産|ราคา|курс|цен[аы]",
    re.IGNORECASE,
)


# The sign words as one pattern, longest first, for the layouts' hole {sign}.
SIGN_WORDS = "|".join(
    re.escape(word)
    for word in sorted((w.strip() for w in f"{_RISE}|{_FALL}|{_LEVEL}".split("|")), key=len, reverse=True)
)


@dataclass(frozen=True, slots=True)
class Head:
    """One column head or label: what it announces, over what window, in what currency; percent: it says so."""

    role: Role
    window: str | None = None
    currency: str | None = None
    percent: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(" ".join(word.split()).casefold() for word in words.split("|") if word.strip())


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role, words in _WORDS.items() for word in _set(words)}


@cache
def _signs() -> dict[str, int]:
    return dict.fromkeys(_set(_RISE), 1) | dict.fromkeys(_set(_FALL), -1) | dict.fromkeys(_set(_LEVEL), 0)


@cache
def _links() -> frozenset[str]:
    return _set(_LINKS)


@cache
def _window_pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<w{name}>{pattern})" for name, pattern in _WINDOWS), re.IGNORECASE)


def _trim(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" :*()[]|·,.;-–=+/")


def window(words: str) -> str | None:
    """`Volume (24H)` -> 24h, `전일대비` -> 1d, `30d` -> long; None if no window is named."""
    match = _window_pattern().search(words)
    return str(match.lastgroup)[1:] if match else None


def sign_word(words: str) -> int | None:
    """`gain` -> 1, `하락` -> -1, `Flat` -> 0; None for any other word."""
    return _signs().get(_trim(words))


def is_link(words: str) -> bool:
    """Whether the words between two figures of a row carry nothing: `to`, `:`, `Buy`."""
    trimmed = " ".join(words.casefold().split())
    return not trimmed.strip(" :*()[]|·,.;-–=/•") or trimmed in _links() or _trim(words) in _links()


def measures(words: str) -> bool:
    """Whether words above a list name another measure than the price."""
    return bool(_MEASURE.search(words))


def speaks_of_prices(words: str) -> bool:
    """Whether words above a list name the price as well (`coins by market cap: prices`)."""
    return bool(_PRICES.search(words))


def vetoes(words: str) -> bool:
    """Whether words above a list say that it is not one of present prices."""
    return bool(_VETO.search(words))


def speaks_of_markets(words: str) -> bool:
    """Whether words around a list of bare prices say what they are."""
    return bool(_MARKET.search(words))


@cache
def head(words: str) -> Head | None:
    """What one head or label means: `현재가(원)` -> price in KRW, `24-hour gain:` -> change over 24h.

    None for words that are no head. A window alone (`24h`, `7 วัน`) is the head of a change column.
    """
    if not words or len(words) > 60:
        return None
    text = " ".join(_ORNAMENT.sub(" ", words).split())
    over, money = window(text), _currency(text)
    rest = _trim(_window_pattern().sub(" ", re.sub(r"\([^)]*(?:\)|$)|#\s?\d{1,5}\b", " ", text)))
    role = _roles().get(_trim(text)) or _roles().get(rest) or _roles().get(_bare(rest))
    if role is None and sign_word(_bare(rest)) is not None:
        role = "change"
    if role is None and over and not rest.strip("% "):
        role = "change"
    return Head(role, over, money, bool(_PERCENT.search(text))) if role else None


def _bare(rest: str) -> str:
    """Without currency words and fillers: `btc price (usd)` -> `price`, `gain in` -> `gain`."""
    fillers = _set(_FILLERS) - {"%"}
    words = [w.strip("%()") for w in rest.split()]
    kept = [w for w in words if w and (w not in fillers or w == "price")]
    return " ".join(kept) or ("price" if "price" in words else "")


def label_sign(words: str) -> int | None:
    """The sign word inside a label: `24-hour drop:` -> -1."""
    rest = _trim(_window_pattern().sub(" ", words))
    return sign_word(rest) if sign_word(rest) is not None else sign_word(_bare(rest))


def _currency(text: str) -> str | None:
    for word in re.findall(
        r"[\[(]\s*(?:in\s+|단위\s*:?\s*)?([^\s()\[\]]+)\s*[\])]|\b([A-Z]{3,4})\b|([$€£₩])", text
    ):
        if found := currency_of(next(filter(None, word))):
            return found
    return None


def _two_in_one(found: Head, tokens: list[str]) -> bool:
    """`Price 24h`, `7d 30d`, `Price (in Rs) change` are two heads each."""
    if window(tokens[0]) and re.match(
        r"m(?:ar)?ke?t|cap|supply|fdv|시가총액", " ".join(tokens[1:]).casefold()
    ):
        return True  # `24h Mkt Cap`
    closed = any(t.endswith(")") and after[0] not in "%(" for t, after in pairwise(tokens))
    return (
        closed or (found.role == "price" and found.window is not None) or sum(map(_names_window, tokens)) > 1
    )


def _names_window(token: str) -> bool:
    return window(token) is not None


def run_of_heads(words: str) -> list[Head] | None:
    """Several heads in one run of words, longest first: `Name Ticker Market Cap Price Volume (24H)`.

    None if some word in between belongs to no head.
    """
    tokens, heads, at = words.split(), [], 0
    while at < len(tokens):
        for size in range(min(5, len(tokens) - at), 0, -1):
            found = head(" ".join(tokens[at : at + size]))
            if found and not (size > 1 and _two_in_one(found, tokens[at : at + size])):
                heads.append(found)
                at += size
                break
        else:
            return None
    return heads
