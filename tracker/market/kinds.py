"""The findings there are: the names that stand in the table `findings` and in the column of that name."""

from __future__ import annotations

KINDS = {
    "priced": "when the coins of a list cost what it prints: first and last moment, coins that fit of coins tested",
    "not-priced": "why prices cannot date a list that nothing else dates",
    "time-confirmed": "the prices of a list that has an article's date or a day alone are those of that day",
    "time-contradicted": "the prices of a list are not those of its time, and they are those of another",
    "changes-agree": "the places whose change over 24 h leads to the price that others showed 24 h before",
    "change-differs": "a change over 24 h leads to another price than others showed 24 h before",
    "change-sign": "a change whose sign was lost, with the one sign that others' prices 24 h before leave",
    "off-market": "a price far beyond what its coin cost, or far from those before and behind it, with the factor",
    "alike": "one block on several pages of a site within minutes: the first snapshot, and on how many pages",
    "symbol-guess": "a coin whose name was lost, and what says so",
    "symbol-ambiguous": "a ticker that two coins had, and the prices do not say which; or a lost name with candidates",
    "symbol-told": "a ticker that two coins had, and which of them time and price say it is",
}
