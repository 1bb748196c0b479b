"""The words of tables, in the languages whose pages have been met. Pure data; `heads` reads it.

Column heads, windows, signs, and what the words above a list say of it: words of tables, not of sites. In the plain
lists words stand apart by `|`, and neither case nor white space counts.
"""

from __future__ import annotations

import re
from typing import Literal

Role = Literal["name", "rank", "time", "price", "change", "other", "unknown"]
# name    the coin's name or symbol: no figure stands in this column
# rank    a running number
# time    a clock or a date, which is no figure
# unknown a head of a table whose words nobody knows
# other   a figure that is neither price nor change: market cap, volume, supply, high, low, open, ratio, premium …

WORDS: dict[Role, str] = {
    "name": """name|code|coin|coins|cryptocurrency|crypto|symbol|ticker|asset|currency|token|market|pair|instrument|index
        |종목|종목명|코인|코인명|화폐|화폐명|이름|명칭|가상화폐|가상자산|암호화폐|암호자산|심볼|티커|자산|구분|마켓
        |銘柄|銘柄名|通貨|通貨名|名称|コイン|仮想通貨|暗号資産|シンボル|币种|名稱|幣種|代码|交易对|เหรียญ|ชื่อ
        |währung|kryptowährung|coin name|nombre|moneda|criptomoneda|nome|moeda|criptomoeda|ativo|nom|crypto-monnaie
        |criptovaluta|название|монета|криптовалюта|tên|tên coin|tên loại tiền|loại tiền|koin|para birimi|naam|munt
        |kryptowaluta|kryptowaluty|moneta|waluta|kryptoměna|kryptovaluta|valuta|criptoactivo
        |activo|aset|aset kripto|nama|nama aset|pasangan|pair name|νόμισμα|عملة|العملة|संपत्ति
        |çift|varlık|kripto|kripto para|sembol|digital assets|digital asset|trading pair|par|pares|paire|ペア|通貨ペア
        |пара|торговая пара|символ|тикер|币对|交易對|토큰|토큰명|tài sản|cặp|ký hiệu|cryptomonnaie|symbole|símbolo|simbolo
        |kryptovalutor|bezeichnung|criptoativo|instrumento|commodity|libellé|한글명|영문명""",
    "rank": "#|no|no.|nr|nr.|rank|순위|번호|순번|順位|排名|№|rang|rank #|ranking|pos|pos.|hạng",
    "price": """price|last price|last|latest price|current price|price now|coin price|quote|rate|value|close|live price
        |현재가|현재가격|현재 가격|시세|가격|현재시세|최근가|체결가|종가|금액|실시간 시세|현재가(실시간)|코인 가격
        |価格|値|現在価格|現在値|現在の価格|最新価格|終値|价格|價格|最新价|最新價|现价|現價|单价
        |ราคา|ราคาล่าสุด|preis|kurs|aktueller kurs|aktueller preis|letzter|precio|último|último precio|cotización
        |cotação|preço|último preço|valor|cours|prix|dernier|prezzo|ultimo|quotazione|цена|курс|последняя|последняя цена
        |giá|giá trị|harga|harga terakhir|fiyat|son fiyat|son|prijs|koers|laatste|fiyatı|fiyatları|kuru
        |cena|pris|preț|ár|τιμή|ціна|السعر|سعر|nilai|harga (idr)|harga (usd)|kurs (pln)
        |最終|ultimo prezzo|cours actuel|precio (usd)|precio actual|letzter kurs
        |senast|siste|seneste|huidige prijs|güncel fiyat|giá hiện tại|giá mới nhất|текущая цена|prezzo attuale
        |preço atual|cotação atual|prix actuel|dernier prix|dernier cours|last traded price|ltp|last trade|market price
        |in usd|usd|spot price|usd price|harga saat ini|aktualna cena|aktuální cena|当前值|當前值|当前价|當前價
        |当前价格|當前價格|实时价格|即時價格|市价|市價|报价|報價|成交价|成交價|最新成交价|目前价格|目前價格|現値|時価|レート|直近価格|現在レート
        |현시세|현재 시세|거래가|거래가격|시장가|시장가격|원화가격|текущий курс|курс сейчас|котировка
        |valor actual|cotización actual|precio de mercado
        |cotation|prix (eur)|aktueller wert|letzter preis|kurs (eur)|quotazione attuale|anlık fiyat|güncel
        |giá (usd)|giá bán|harga sekarang|harga pasar|aktualny kurs|trading price|present price|price today|today's price""",
    "time": """time|date|updated|last update|last updated|zeit|uhrzeit|datum|hora|fecha|heure|ora|saat|tid|godz.|czas|время
        |дата|시간|시각|업데이트|時刻|日時|时间|時間|age""",
    "change": """change|chg|chg.|change %|chg %|% chg|% change|%change|change percentage
        |net change|price change|move|moves|delta|delta %|Δ|Δ %|+/-|var|var.|var %
        |% var|gain|gains|performance|perf|perf.|swing
        |변동률|변동율|등락률|등락율|변동|등락|등락폭|변동폭|변동액
        |전일대비|전일비|전일 대비|대비|전일比|변화율|변화
        |상승률|하락률|증감|증감률|등락가|변동금액|변동가|전일 대비 변동률|전일대비 등락률
        |変動率|変動|変化率|変化|前日比|前日差|騰落率|騰落|涨跌幅|涨跌|漲跌幅|漲跌|涨幅|漲幅|变化|เปลี่ยนแปลง|การเปลี่ยนแปลง
        |änderung|änderungen|änderung %|veränderung|diff|diff.|entwicklung|cambio|cambio %|variación|var. %
        |variação|variação %|variation|évolution|variazione|изменение|изм.|изм|измен.|thay đổi|biến động
        |perubahan|değişim|değişim %|fark|verandering|wijziging|%
        |zmiana|změna|förändring|ændring|endring|schimbare|változás|зміна|التغير|+/- %|% +/-|±%|veränd.|var. 24h
        |variación 24h|perubahan 24j|24j|var 24h|var jour|var. jour|veloce|diff. %|diff %|ch%|1d %|day %|tag %
        |变动|變動|變化|变化率|變化率|变化幅度|升跌|升跌幅|涨跌额|漲跌額|涨跌率|漲跌率|幅度|値動き|上昇率|上げ幅|前日終値比
        |зміни|динамика|динамика %|değişim oranı|değişim (%)|günlük değişim|değişme|mudança|alteração
        |évol.|évol|écart|écart %|scostamento|μεταβολή|μεταβολη|αλλαγή|التغيير|تغيير|تغییر|تغییرات|שינוי|बदलाव|परिवर्तन
        |muutos|vývoj|rozdíl|kaita|tăng/giảm|tăng giảm|changement|changements|промяна|promjena|sprememba|zmena|pokytis|muutus
        |% thay đổi|% cambio|% variación|% değişim|% perubahan""",
    "other": """market cap|market value|mkt cap|mkt. cap|marketcap|mcap|m. cap
        |market capitalization|market capitalisation|capitalization|cap|m.cap
        |volume|vol|vol.|trading volume|turnover|circulating supply|supply|max supply|total supply
        |available supply|high|low|open|day high|day low|range
        |day range|bid|ask|spread|previous close|prev. close|prev close
        |fdv|fully diluted valuation|market cap / fdv|dominance|market share|share|weight|premium|ath|atl|all time high
        |all-time high|volatility|liquidity|tvl|holders|trades|chart|graph|last 7 days|24h range|ratio|score|sentiment
        |시가총액|시총|거래량|거래대금|거래금액|거래액|유통량|유통 공급량
        |공급량|발행량|최대 공급량|총 발행량|고가|저가|시가|최고가|최저가
        |최고|최저|고점|저점|매수|매도|매수가|매도가|매수호가|매도호가|호가|점유율
        |비중|도미넌스|김프|김치프리미엄|프리미엄|괴리율|총 시가|전일종가|전일 종가
        |금일 변동|52주|평균단가|평단가|평가금액|체결강도|차트|그래프|수수료|최고 거래가|최저 거래가
        |時価総額|取引高|出来高|取引量|供給量|高値|安値|始値|買値|売値|买价
        |卖价|市值|總市值|成交量|成交额|成交額|流通量|最高价|最低价|最高|最低
        |มูลค่าตามราคาตลาด|ปริมาณ|ปริมาณการซื้อขาย|marktkapitalisierung|handelsvolumen|umsatz|volumen|hoch|tief|eröffnung
        |capitalización|capitalización de mercado|cap. de mercado
        |cap. mercado|máximo|mínimo|apertura|capitalização
        |máxima|mínima|abertura|capitalisation|cap. marché|plus haut
        |plus bas|ouverture|capitalizzazione|massimo|minimo
        |капитализация|объем|объём|рын. кап.|vốn hóa|khối lượng|piyasa değeri|hacim|marktkapitalisatie|handelsvolume
        |kapitalizacja|kapitalizace|wolumen|objem|marknadsvärde|börsværdi|kapitalisasi|kapitalisasi pasar
        |volume 24j|max|min|max.|min.|máx|mín|máx.|mín.|högst|lägst|højeste|høyeste|laveste|en yüksek|en düşük|yüksek|düşük
        |cao nhất|thấp nhất|tertinggi|terendah|макс|мин|макс.|мин.|оборот|объем торгов|рыночная капитализация
        |geld|brief|achat|vente|compra|venta|venda|alış|satış|покупка|продажа|beli|jual|from ath|% from ath|apy|apr
        |reward rate|rsi|수익률|ouv|haut|bas|open price|average""",
}
# Heads of names that can be those of coins alone: below them a word is a coin's name.
COINS = """coin|coins|coin name|cryptocurrency|cryptocurrencies|crypto|token|코인|코인명|토큰|토큰명|암호화폐|가상화폐
    |가상자산|암호자산|コイン|仮想通貨|暗号資産|币种|幣種|เหรียญ|kryptowährung|kryptowährungen|criptomoneda|criptomoedas|criptomoeda
    |crypto-monnaie|cryptomonnaie|criptovaluta|монета|криптовалюта|tên coin|tên loại tiền|koin|kripto|kripto para
    |kryptowaluta|digital asset|digital assets"""
# Heads of the price that can only mean the present one.
PRESENT = """last|last price|latest price|current price|price now|live price|last traded price|현재가|현재가격|현재 가격
    |현재시세|최근가|체결가|現在価格|現在値|現在の価格|最新価格|最新价|最新價|现价|現價|ราคาล่าสุด|aktueller kurs|letzter
    |último|último precio|dernier|ultimo|последняя цена|текущая цена|harga terakhir|son fiyat|giá hiện tại"""
# Heads of the price that may as well be those of something else: of what a holding is worth, of a day before.
WEAK = "value|giá trị|値|close|종가|終値|금액|valor|nilai|usd|in usd|rate|当前值|當前值|aktueller wert|レート"
# Heads of prices that are no present one, though coins did cost that: highs, lows, opening and former prices, averages.
PAST = """high|low|open|day high|day low|previous close|prev. close|prev close|open price|opening price|average|avg price
    |고가|저가|시가|최고가|최저가|고점|저점|전일종가|전일 종가|최고 거래가|최저 거래가|평균단가|高値|安値|始値|最高价|最低价
    |hoch|tief|eröffnung|máximo|mínimo|apertura|máxima|mínima|abertura|plus haut|plus bas|ouverture|massimo|minimo
    |en yüksek|en düşük|yüksek|düşük|cao nhất|thấp nhất|tertinggi|terendah|högst|lägst|højeste|laveste|24h high|24h low"""
# Heads of amounts of coins: beside them a value is no price.
AMOUNT = """amount|quantity|qty|qty.|units|size|holdings|balance|수량|보유량|보유수량|잔고|数量|保有数量|數量|cantidad|menge
    |anzahl|quantité|quantità|quantidade|количество|кол-во|miktar|adet|số lượng|jumlah|ilość|aantal|antal"""
# Heads of pictures, and of the highest and lowest prices ever.
DRAWN = "chart|graph|price graph|price chart|last 7 days|trend|sparkline|차트|그래프|チャート|走势|走勢|график|grafik"
EVER = "ath|atl|all time high|all-time high|all time low|all-time low|사상 최고가|역대 최고가|최고|최저|最高|最低"
# Words of a head that say nothing of its role.
FILLERS = "the|of|in|usd|krw|eur|jpy|gbp|원|달러|%|price|coin|btc|eth|by|to|per|기준|실시간|today|오늘|currently|hrs|hr|theo"

# window -> how it is printed; a day since the open or the last close is 1d, a rolling day 24h.
WINDOWS = (
    ("24h", r"24[\s-]?(?:h(?![a-z])|hr?s?\b|hours?\b|[sj]\b|시간|時間|小时|小時|ชม|std\b"
            r"|stunden|heures?\b|horas?\b|ore\b|ч\b|giờ|saat|jam\b|u\b)"),
    ("1h", r"(?:1|60)[\s-]?(?:h(?![a-z])|hr\b|hour\b|시간|時間|小时|小時|ชม|std\b|stunde|min\b|분|ч\b)|hourly\b"),
    ("7d", r"недел|semana|settimana|woche|semaine|hafta|tuần|minggu|本周|本週|先週|週間|전주|tydzień|tygod"
            r"|7[\s-]?(?:d(?![a-z])|days?\b|일|日|天|วัน|tage?\b|jours?\b"
           r"|d[ií]as?\b|дн)|\b(?:weekly|1\s?w|wk|week)\b|일주일|주간|1주"),
    ("5d", r"5[\s-]?(?:d\b|days?\b|일|日)"),
    ("long", r"месяц|monat|\bmois\b|\bmese\b|tháng|bulan|本月|先月|월간|올해|연초"
             r"|\bq[1-4]\b|\bsince\b|\bdepuis\b|\bdesde\b|\bseit\b|с начала"
             r"|(?:14|30|60|90|180|200|365)[\s-]?(?:d\b|days?\b|일|日"
             r"|天|วัน|tage?\b|дн)|\d\s?(?:m|mo|months?|y|yr|years?)\b"
             r"|\bytd\b|개월|1년|\d年|月間|\bmonth\b|\byear\b|monthly"),
    ("1d", r"전일\s?대비|전일비|전일比|전일\s?종가|전날|前日[比差]"
           r"|\b1[\s-]?(?:d|day|일|日|tag)\b|\bdaily\b|\btoday\b|\bintraday\b|금일|오늘|당일|일간|日内|日內|当日|當日|今日"
           r"|\bdiari[ao]\b|\bjournali(?:er|ère)\b|\bquotidien(?:ne)?\b|\bgiornalier[ao]\b|\bgünlük\b|\bharian\b"
           r"|(?:vs\.?|from|to) (?:the )?(?:prior|prev(?:ious)?\.?|last|yesterday'?s?) close"
           r"|\btäglich\b|\btages|\bdagelijkse?\b|\bdzienn[ay]\b|\bdenní\b|дневн|за день"),
)  # fmt: skip

# Words that are signs where they stand beside a figure.
RISE = """gain|gains|gained|up|rise|rises|rose|rising|increase|increased|higher|climbed|climbs|added|jumped|advance
    |상승|올라|오름|급등|상승세|▲상승|上昇|値上がり|上涨|上漲|涨|漲|上升|高|plus
    |gestiegen|steigt|gestegen|stijgt|stijging|hausse|en hausse|augmentation|sube|subió|subida|al alza|aumento|aumentó
    |alta|em alta|subiu|rialzo|in rialzo|in aumento|рост|вырос|выросла|выросло|растет|растёт|зростання|зріс|зросла
    |tăng|naik|meningkat|yükseliş|yükseldi|yükselen|arttı|artış|artan|wzrost|wzrósł|wzrosła|nárůst|růst|stigit|steget|ökning
    |เพิ่มขึ้น|ขึ้น|ارتفاع|صعود|افزایش|बढ़त|άνοδος|αύξηση|עלייה|creștere|emelkedés|nousu"""
FALL = """drop|drops|dropped|down|fall|falls|fell|falling|loss|lost|loses|decrease|decreased|lower|declined|decline|slid
    |slipped|sank|하락|내려|내림|급락|하락세|下落|値下がり|下跌|跌|下降|安|minus|gefallen|fällt|gedaald|daalt|daling
    |baisse|en baisse|diminution|baja|bajó|bajada|cae|cayó|a la baja|queda|em queda|baixa|caiu|ribasso|in ribasso
    |in calo|calo|падение|упал|упала|упало|падает|падіння|знизився|знизилась|giảm|turun|menurun
    |düşüş|düştü|düşen|azaldı|azalış|azalan|spadek|spadł|spadła|pokles|fallit|faldet|minskning
    |ลดลง|ลง|انخفاض|هبوط|کاهش|गिरावट|πτώση|μείωση|ירידה|scădere|csökkenés|lasku"""
LEVEL = """flat|unchanged|unch|steady|보합|변동없음|変わらず|横ばい|持平|横盘|unverändert|stable|estable|estável|invariato
    |sin cambios|inchangé|ongewijzigd|без изменений|без змін|değişmedi|sabit|không đổi|tetap|bez zmian|oförändrad|uændret"""

# Words between the name and its figures that carry nothing.
LINKS = """to|at|is|now|=|:|-|–|/|·|•|by|@|=>|→|as of|price of|usd|krw|eur|won|현재|약|about|around|approx.|approx|and|,|
    |buy|trade|sell|buy now|매수|거래|거래하기|구매|購入|買う|ซื้อ|kaufen|comprar|acheter|купить|mua"""

# Words that say that a list of figures is not one of present prices.
VETO = re.compile(
    r"predict|forecast|target|outlook for 20|price in 20\d\d|max(?:imum)? pain|\bstrike|\balerts?\b|entry price"
    r"|all[- ]time high|(?:^|/ ).{0,30}record (?:high|low)|\baths?\b|(?:^|/ ).{0,20}\bpeaks?\b"
    r"|52[- ]week|yesterday.{0,20}pric|end of 20\d\d"
    r"|\bfees?\b|staking|\bapy\b|\bapr\b|\bdominance\b|hash ?rate|\bpremium\b"
    r"|inflows?\b|outflows?\b|open interest|liquidat|funding\b|seized|confiscat|donat|treasur|\bloans?\b|\bprize"
    r"|매입|매수 ?평균|매수가|평단|평가손익|\baverage (?:cost|price|buy|purch|entry)"
    r"|\bavg\b|prix moyen|precio medio|durchschnittspreis|kaufpreis"
    r"|m[aá]xim[ao]s? hist|allzeit|rekordhoch|höchststand|исторический максимум|历史最高|最高値|realized|realised"
    r"|moving average|이동평균"
    r"|launch price|\bico\b|objecti[fv]|objetivo|obiettiv|kursziel|종가 ?기준 ?과거|historical|history|year ago|a year"
    r"|\bon this day|작년|지난해|년 전|투자했|12월 31일|starting price|anfangs|başlangıç|\bairdrop"
    r"|mention|most searched|언급|검색량|take[- ]profit|stop[- ]loss|buy zone|fair value|(?:bull|bear) case|drawdown"
    r"|\bsats\b|satoshis?\b|withdraw|\blimits?\b|어제|\bayer\b|\bhier\b|gestern|昨日|вчера"
    r"|(?:^|/ ).{0,30}(?:\bhighs\b|\blows\b)|\bhighs? (?:and|&|/) lows?\b|\b(?:high|low)s? of the (?:year|month|week)"
    r"|\bfund flows?\b|자금 ?(?:유입|유출)|고가와 저가|역대 최[고저]가|연말 종가"
    r"|최고가|최저가|tageshoch|tagestief|opening prices"
    r"|\bin (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: 20\d\d|$| /)"
    r"|converter|convert\b|example|support level|resistance|invest(?:ed|ment) of|mining reward"
    r"|예측|전망|예상|목표가|목표 가격|사상 최고|역대 최고|전고점|신고가|프리미엄|김프"
    r"|이자율|점유율|해시레이트|순유입|순유출|미결제약정|청산"
    r"|if you had|would be worth|years ago|comisi[oó]n|geb[üu]hr|\bfrais\b|\btaxas?\b|과거 ?(?:시세|데이터)"
    r"|일별 ?시세|시세 ?추이|거래 ?내역|환산|계산기|예시|지지선|저항선|채굴|매수 ?평균|시가총액 ?순위"
    r"|予想|予測|目標|過去|手数料|预测|預測|目标价|目標價|prognos|prognoz|prévision|pronóstico|predicción|previs|tahmin"
    r"|dự đoán|prediksi|прогноз",
    re.IGNORECASE,
)
# Words of what somebody owns: beside a column of present prices those stand all the same.
OWNED = re.compile(
    r"holdings?\b|\bbalance|wallet|portfolio|보유|잔고|지갑|수수료|입출금|残高|depot\b|cartera|carteira|portefeuille"
    r"|portafogli|portföy|портфел|ポートフォリオ|포트폴리오|持仓|我的"
    r"|\bmy (?:assets|crypto|coins)|at purchase|purchase price|\bpaid\b|positions\b",
    re.IGNORECASE,
)

# A head of percentages.
PERCENT = re.compile(
    r"%|percent(?:age)?|\bpct\b|_pct|률|율|率|幅\(%\)|prozent|pourcent|porcent|por ciento", re.IGNORECASE
)

# Measures that a heading may name beside the price, or instead of it.
MEASURE = re.compile(
    r"market ?cap|cap\b|capitali[sz]ation|marktkapitalisierung|시가총액"
    r"|시총|時価総額|市值|капитализац|거래량|거래대금|거래액|volume|umsatz"
    r"|volumen|出来高|成交|보유|수익률"
    r"|address|transactions?|\bp ?[&/]l\b|\bpnl\b|profit|liquidation"
    r"|allocation|비중|reward|yield|difficulty|난이도|supply|공급|发行"
    r"|tvl|bilan[cz]|saldo|balance|cost\b|coste|prix d'achat|final\b",
    re.IGNORECASE,
)
PRICES = re.compile(
    r"\bprices?\b|\bquotes?\b|시세|현재가|가격|価格|相場|行情|价格|kurse?\b"
    r"|\bcours\b|cotiza|cotaç|precio|preço|prezz|курс|цен[аы]|ราคา|giá\b",
    re.IGNORECASE,
)

# Words that say of a list without changes that it is one of market prices.
MARKET = re.compile(
    r"\bprices?\b|\bmarkets?\b|\bquotes?\b|\bcrypto|\bticker|nasdaq"
    r"|s&p|\bdow\b|ftse|\bdax\b|nikkei|hang seng|\bgold\b|\boil\b"
    r"|kospi|kosdaq|코스피|코스닥|시세|현재가|암호화폐|가상화폐|가상자산"
    r"|kurse?\b|\bcours\b|cotiza|cotaç|precios?\b|preço|quotazion"
    r"|相場|価格|行情|价格|仮想通貨|暗号資産|ราคา|курс|цен[аы]|قیمت|ارزهای|سعر|أسعار",
    re.IGNORECASE,
)

# Money that a heading names and that shares its sign with the American dollar or the Indian rupee.
MONEY = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("CAD", r"\bCAD\b|Canad(?:a|ian)|加元"), ("AUD", r"\bAUD\b|Australia|澳元"), ("NZD", r"\bNZD\b|New Zealand"),
        ("HKD", r"\bHKD\b|Hong Kong|港元|港幣"), ("SGD", r"\bSGD\b|Singapore"), ("TWD", r"\bTWD\b|台幣|臺幣"),
        ("MXN", r"\bMXN\b|[Mm][eé]xic"), ("ARS", r"\bARS\b|argentin"), ("CLP", r"\bCLP\b|chilen"),
        ("COP", r"\bCOP\b|colombian"), ("PKR", r"\bPKR\b|Pakistan"), ("LKR", r"\bLKR\b|Sri Lanka"),
        ("NPR", r"\bNPR\b|Nepal"), ("BRL", r"\breais\b"), ("EGP", r"\bEGP\b|Egypt"),
    )
)  # fmt: skip

# Where a page says in which money, or in how many of it, its figures are.
MONEY_SAID = re.compile(
    r"\b(?:prices?|values?|quotes?|figures) (?:are |all |shown |quoted |listed )*in [^.\n|]{2,30}",
    re.IGNORECASE,
)
IN_LOTS = re.compile(
    r"단위\s*[:：]?\s*(?:천|만|백만|억)|\bin (?:thousands|millions)|dalam (?:ribu|juta)"
    r"|单位\s*[:：]?\s*[千万]|単位\s*[:：]?\s*[千万]|en (?:miles|millones)\b|هزار", re.IGNORECASE,
)  # fmt: skip
# What the last line of a list of amounts is called.
SUM = re.compile(
    r"total|sum|summe|gesamt|합계|총계|총액|合計|总计|總計|totale|итого|toplam|tổng(?: cộng)?|suma",
    re.IGNORECASE,
)
