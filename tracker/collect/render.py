"""What a page is after its scripts have run: by Playwright, with a Chromium that is installed.

The page itself is not asked for a second time: the browser is given the bytes that were kept. What its scripts fetch, it
fetches as a browser does: from `http` and `https`, from no machine of an inner network but the page's own; no pictures,
fonts, films or service workers.
"""

from __future__ import annotations

import shutil
import socket
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from ..errors import SourceError, TrackerError
from ..pages import http
from ..pages.network import is_inner
from ..pages.source import MAX_PAGE
from ..pages.web import USER_AGENT
from .capture import stamped
from .keep import Keep
from .live import Answer
from .record import head_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response, Route

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_LOAD, _QUIET = 30_000, 10_000  # milliseconds for the page, and until its scripts fetch nothing more
_UNSEEN = frozenset(
    {"image", "media", "font", "stylesheet", "websocket", "eventsource", "manifest", "texttrack"}
)
_HOPS = 5  # redirects of what scripts fetch
_DATA = frozenset({"xhr", "fetch"})
_AS_SENT = frozenset(
    {"content-encoding", "transfer-encoding", "content-length"}
)  # the browser gives bodies without


@dataclass(frozen=True, slots=True)
class Fetched:
    """Data that the scripts of a page fetched: where, and the answer's head and body."""

    url: str
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page after its scripts have run: its markup, and what they fetched."""

    markup: bytes
    fetched: tuple[Fetched, ...]


class Renderer:
    """A browser for a run. Raises TrackerError where there is none."""

    def __init__(self, contact: str | None = None) -> None:
        self._agent = f"{USER_AGENT} (+{contact})" if contact else USER_AGENT
        self._stack = ExitStack()
        self._browser = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _started(self) -> Browser:
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise TrackerError(
                "--render", "needs Chromium, and there is none", "install it: apt install chromium"
            )
        try:
            from playwright.sync_api import sync_playwright
        except ImportError as error:
            raise TrackerError(
                "--render", "needs playwright", "pip install 'ticker-tracker[render]'"
            ) from error
        running = self._stack.enter_context(sync_playwright())
        browser = running.chromium.launch(executable_path=program, args=list(_FLAGS))
        self._stack.callback(browser.close)
        return browser

    def draw_kept(self, answer: Answer, keep: Keep) -> None:
        """Draw a page that is kept; keep its markup as a resource, and as responses what its scripts fetched.

        Raises SourceError where they cannot be run.
        """
        place = keep.known.last(answer.url)
        if place is None:
            return
        _, block = keep.fields_at(place)
        head, start = http.split(block)
        drawn = self.draw(answer.url, head.media_type, http.body(block, head, start))
        keep.resource(answer.url, answer.captured_at, "text/html; charset=utf-8", drawn.markup)
        for one in drawn.fetched:
            if not keep.has(one.url, stamped(answer.captured_at)):
                keep.response(one.url, answer.captured_at, one.head, one.body)

    def draw(self, url: str, media: str, body: bytes) -> Drawn:
        """The page at an address, whose answer had this media type and body, after its scripts. Raises SourceError."""
        from playwright.sync_api import Error

        context = self._browser.new_context(
            user_agent=self._agent, service_workers="block", accept_downloads=False
        )
        answers: list[Response] = []
        try:
            context.route("**/*", _Door(url, media, body).open)
            page = context.new_page()
            page.on(
                "response",
                lambda answer: answers.append(answer) if answer.request.resource_type in _DATA else None,
            )
            page.goto(url, wait_until="load", timeout=_LOAD)
            with suppress(Error):  # a page that never rests is taken as it is by then
                page.wait_for_load_state("networkidle", timeout=_QUIET)
            markup = page.content().encode("utf-8", "replace")
            fetched = [one for one in map(_fetched, answers) if one]
        except Error as error:
            raise SourceError(
                url, f"its scripts could not be run: {error.message.splitlines()[0]}", "try later"
            ) from error
        finally:
            context.close()
        return Drawn(markup[:MAX_PAGE], tuple(fetched))


class _Door:
    """What a page may ask for."""

    def __init__(self, url: str, media: str, body: bytes) -> None:
        self.url, self.media, self.body = url, media, body
        self.host = urlsplit(url).hostname or ""

    def open(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request() and request.frame.parent_frame is None:
            if request.url == self.url:
                route.fulfill(status=200, content_type=self.media, body=self.body)
            else:
                route.abort()  # a script leads away: then it is another page
        elif request.resource_type in _UNSEEN:
            route.abort()
        else:
            self._follow(route, request.url)

    def _follow(self, route: Route, url: str) -> None:
        """The answer at the end of all redirects, each of them looked at."""
        from playwright.sync_api import Error

        with suppress(Error):  # it cannot be had: the page goes without
            for _ in range(_HOPS):
                if not self._is_outside(url):
                    break
                answer = route.fetch(url=url, max_redirects=0, timeout=_LOAD)
                if "location" not in answer.headers or not 300 <= answer.status < 400:
                    route.fulfill(response=answer)
                    return
                url = urljoin(url, answer.headers["location"])
        with suppress(Error):
            route.abort()

    def _is_outside(self, url: str) -> bool:
        """On the web, and no machine of an inner network but the page's own."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host == self.host or not _leads_inside(host))


@lru_cache(maxsize=1024)
def _leads_inside(host: str) -> bool:
    """A name of a machine of an inner network, or of none."""
    try:
        return any(is_inner(str(place[4][0])) for place in socket.getaddrinfo(host, None))
    except OSError:
        return True


def _fetched(answer: Any) -> Fetched | None:
    """An answer to a script, if it was one with text in it."""
    from playwright.sync_api import Error

    with suppress(Error):
        media = answer.headers.get("content-type", "")
        if answer.status != 200 or not any(kind in media for kind in ("json", "text", "xml", "javascript")):
            return None
        body = answer.body()
        fields = [
            (field["name"].encode("latin-1", "replace"), field["value"].encode("latin-1", "replace"))
            for field in answer.headers_array()
            if field["name"].lower() not in _AS_SENT
        ]
        length = [(b"Content-Length", b"%d" % len(body))]
        return Fetched(
            answer.url, head_of(f"HTTP/1.1 {answer.status} {answer.status_text}", fields + length), body
        )
    return None
