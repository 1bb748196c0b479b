"""Which time zone a printed time is in: by the name beside it, by the site's country, by the script of the page."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from ..errors import TimeError

# Names that stand for one place's clock. EST and EDT both mean New York: pages print EST in summer too and mean the
# clock on the wall. AEST is Brisbane's clock, which has no summer time.
_ZONES = {
    "Z": "UTC", "UTC": "UTC", "GMT": "UTC",
    "ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
    "PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
    "BST": "Europe/London", "KST": "Asia/Seoul", "JST": "Asia/Tokyo", "SGT": "Asia/Singapore",
    "HKT": "Asia/Hong_Kong", "IST": "Asia/Kolkata", "AEDT": "Australia/Sydney", "AEST": "Australia/Brisbane",
    "한국시간": "Asia/Seoul", "日本時間": "Asia/Tokyo",
}  # fmt: skip
_SHARED = ("CT", "CST", "CDT", "MT", "MST", "MDT", "AST", "ADT")  # each is the clock of several places
ZONE_NAMES = tuple(sorted((*_ZONES, *_SHARED), key=len, reverse=True))  # as a pattern is to try them
_OFFSET = r"(?:UTC|GMT)?(?P<sign>[+−-])(?P<hours>0?[0-9]|1[0-4]):?(?P<minutes>[0-5][0-9])?"

# Countries with one clock, by the end of a site's name or, for editions, by its first part (kr.investing.com).
_COUNTRIES = {
    "kr": "Asia/Seoul", "jp": "Asia/Tokyo", "de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich",
    "fr": "Europe/Paris", "it": "Europe/Rome", "nl": "Europe/Amsterdam", "be": "Europe/Brussels", "pl": "Europe/Warsaw",
    "uk": "Europe/London", "ie": "Europe/Dublin", "in": "Asia/Kolkata", "sg": "Asia/Singapore", "hk": "Asia/Hong_Kong",
    "tw": "Asia/Taipei", "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh", "tr": "Europe/Istanbul",
}  # fmt: skip
_EDITIONS = ("kr", "jp", "de", "fr", "it", "uk", "in", "sg", "hk")
# Where most who read a language live, or its region, if it is named and has one clock. English, Portuguese and Arabic
# are read everywhere; Spanish without a region is Spain's.
_LANGUAGES = {
    "ko": "Asia/Seoul", "ja": "Asia/Tokyo", "de": "Europe/Berlin", "de-at": "Europe/Vienna", "de-ch": "Europe/Zurich",
    "fr": "Europe/Paris", "fr-be": "Europe/Brussels", "fr-ch": "Europe/Zurich", "es": "Europe/Madrid", "it": "Europe/Rome",
    "nl": "Europe/Amsterdam", "nl-be": "Europe/Brussels", "pl": "Europe/Warsaw", "tr": "Europe/Istanbul",
    "cs": "Europe/Prague", "sv": "Europe/Stockholm", "da": "Europe/Copenhagen", "nb": "Europe/Oslo", "no": "Europe/Oslo",
    "fi": "Europe/Helsinki", "el": "Europe/Athens", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "uk": "Europe/Kyiv", "vi": "Asia/Ho_Chi_Minh", "th": "Asia/Bangkok", "zh-cn": "Asia/Shanghai", "zh": "Asia/Shanghai",
    "zh-tw": "Asia/Taipei", "zh-hk": "Asia/Hong_Kong", "es-ar": "America/Argentina/Buenos_Aires", "es-co": "America/Bogota",
    "es-pe": "America/Lima", "es-ve": "America/Caracas", "en-gb": "Europe/London", "en-ie": "Europe/Dublin",
    "en-in": "Asia/Kolkata", "en-sg": "Asia/Singapore", "en-hk": "Asia/Hong_Kong", "pt-pt": "Europe/Lisbon",
    "pt-br": "America/Sao_Paulo",
}  # fmt: skip
_REGIONS_OF_MANY = ("es-mx", "es-cl", "es-us", "es-419", "fr-ca")  # no clock of one region
_LETTER = "[ぁ-ヺ가-힣]"


def zone_named(name: str) -> ZoneInfo:
    """`Asia/Seoul` -> the zone. TimeError if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; malformed; a folder of zone files
        raise TimeError(shown(name), "no such time zone", "use a name such as Asia/Seoul or UTC") from None


def zone_called(name: str) -> tzinfo | None:
    """`KST`, `UTC+9`, `+09:00` -> the zone; None for a name that is unknown or borne by several zones."""
    key = name.replace(" ", "").strip("()").upper()
    if key in _ZONES:
        return ZoneInfo(_ZONES[key])
    offset = re.fullmatch(_OFFSET, key)
    if offset is None:
        return None
    ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(ahead if offset["sign"] == "+" else -ahead)


def zone_of_site(site: str | None) -> tzinfo | None:
    """The zone of the site's country, if that has one clock: `ebn.co.kr`, `kr.investing.com`."""
    labels = (site or "").split(".")
    key = _COUNTRIES.get(labels[-1])
    if key is None and len(labels) > 2 and labels[0] in _EDITIONS:
        key = _COUNTRIES[labels[0]]
    return ZoneInfo(key) if key else None


def zone_of_language(tag: str | None) -> tzinfo | None:
    """The zone in which a language is read most: `de`, `es-AR`. Little evidence: what is read so is assumed."""
    key = (tag or "").lower().replace("_", "-")
    if key in _REGIONS_OF_MANY:
        return None
    found = _LANGUAGES.get(key) or _LANGUAGES.get(key.partition("-")[0])
    return ZoneInfo(found) if found else None


@lru_cache(maxsize=2)
def zone_of_words(text: str) -> tzinfo | None:
    """Berlin, if the text prints clocks with `Uhr`."""
    return ZoneInfo("Europe/Berlin") if re.search(r"[0-9] Uhr\b", text) else None


@lru_cache(maxsize=2)
def zone_of_script(text: str, letters: int) -> tzinfo | None:
    """Seoul or Tokyo, if text holds so many letters of Hangul and kana: a few may be an item of a menu of languages."""
    found = [] if text.isascii() else [hit[0] for hit in islice(re.finditer(_LETTER, text), 20)]
    if len(found) < letters:
        return None
    hangul = sum(letter >= "가" for letter in found)
    return ZoneInfo("Asia/Seoul" if 2 * hangul >= len(found) else "Asia/Tokyo")


def shown(text: str) -> str:
    """A text as an error quotes it: on one line and short."""
    return repr(text if len(text) <= 40 else text[:40] + "…")
