"""Printed text -> figures, signs, currencies, dates, zones; what the words of tables mean. Pure; knows no site, no coin.

figures  digits, sign, percent, currency, unit of one printed number
unseen   characters that nobody sees, taken out
signs    whether a change rises or falls, and what contradicts it
words    the words of tables, as data
heads    what one head or label announces
pattern  the named holes of layouts as patterns
dates    printed dates and clocks
zones    time zones by name, script and site
"""
