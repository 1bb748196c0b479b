"""robots.txt, as RFC 9309 has it: 4xx allows everything, a server in trouble forbids everything for now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import SourceError, Unanswered
from ..pages.web import redirected, refusal
from .pace import Pace

if TYPE_CHECKING:
    from protego import Protego

    from .asking import Asking, Got

AGENT = "ticker-tracker"
LIFE = 24 * 3600.0  # seconds for which an answer holds (RFC 9309, 2.4)
_SIZE = 512 << 10  # bytes of it that are read (RFC 9309, 2.5 asks for 500 kB)
_HOPS = 5  # redirects that are followed (RFC 9309, 2.3.1.2)


class Robots:
    """What the hosts of a run allow."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._known: dict[str, tuple[float, Protego]] = {}

    def allows(self, url: str, asking: Asking, led: bool = False) -> bool:
        """Whether a page, to which a redirect may have led, may be asked for. Raises Unanswered while the host cannot
        say."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        until, rules = self._known.get(origin, (0.0, None))
        if rules is None or self._pace.clock() >= until:
            rules = _rules(origin, asking, led)
            self._known[origin] = self._pace.clock() + LIFE, rules
        return bool(rules.can_fetch(url, AGENT))

    def delay(self, url: str) -> float:
        """The seconds between two requests that a host asks for, as far as it was asked."""
        parts = urlsplit(url)
        _, rules = self._known.get(f"{parts.scheme}://{parts.netloc}", (0.0, None))
        return float(rules.crawl_delay(AGENT) or 0.0) if rules else 0.0


def _rules(origin: str, asking: Asking, led: bool) -> Protego:
    from protego import Protego

    try:
        got = _followed(f"{origin}/robots.txt", asking, led)
    except Unanswered as error:
        raise Unanswered(error.subject, f"robots.txt cannot be had: {error.reason}", error.remedy) from error
    except SourceError:
        got = None  # it leads nowhere: as if there were none
    if got is None or 300 <= got.status < 500:
        return Protego.parse("")
    if got.status >= 500:
        raise Unanswered(origin, f"robots.txt cannot be had: {refusal(got.response)[0]}", "try later")
    return Protego.parse(got.body.decode("utf-8", "replace").removeprefix("\ufeff"))


def _followed(address: str, asking: Asking, led: bool) -> Got:
    got = asking.get(address, led=led, most=_SIZE)
    for _ in range(_HOPS):
        if not got.response.has_redirect_location:
            break
        got = asking.get(redirected(got.response, address), led=True, most=_SIZE)
    return got
