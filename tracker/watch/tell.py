"""How an event is told: one JSON line, to whoever writes it, to a command's input, and as a notice by Apprise.

    id, rule, state, at, value      what happened; state is fires or ends
    row, previous                   the quote that says so and the observation before it, with all columns of the table
    page, source                    the address, and the file with the record, that the quote stands in

Figures are numbers with the printed digits, times ISO 8601 in UTC. Of a site that fell silent `row` is null and `previous`
its last quote.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ..errors import SettingsError
from ..model import digest, plain
from ..store import Told
from .judge import Event

When = Callable[[datetime], str]
SECONDS = 30.0  # that a command may take
EXTRA = "pip install 'ticker-tracker[alerts]'"


class Teller:
    """Tells events, and says what could not be told.

    write    gets the line
    command  a shell command that gets the line on its input; what it writes goes to standard error
    urls     of Apprise: `mailto://…`, `tgram://…`, `ntfy://…`. SettingsError for one it does not understand
    say      is told of notices that fail
    when     a time as people are told it
    seconds  that the command may take
    """

    def __init__(
        self,
        write: Callable[[str], object],
        command: str | None = None,
        urls: Sequence[str] = (),
        say: Callable[[str], object] = lambda line: None,
        when: When = str,
        seconds: float = SECONDS,
    ) -> None:
        self.write, self.command, self.say, self.when, self.seconds = write, command, say, when, seconds
        self.notify = _notifier(urls) if urls else None
        self.failed = 0

    def tell(self, line: str) -> None:
        """One event, everywhere."""
        self.write(line)
        if self.command and (reason := run(self.command, line, self.seconds)):
            self._failed(f"--exec: {reason}")
        if self.notify and (reason := self.notify(*notice(json.loads(line), self.when))):
            self._failed(f"--notify: {reason}")

    def _failed(self, reason: str) -> None:
        self.failed += 1
        self.say(f"a notice failed: {reason}")


def told(event: Event) -> Told:
    """An event as it is kept until it is told. Its id is the same whoever comes upon it."""
    row = event.row or event.previous or {}
    known = digest([*event.key, event.state, row.get("snapshot_id")])[:16]
    return Told(known, event.at, line(event, known))


def line(event: Event, known: str) -> str:
    """The JSON line of an event."""
    row = event.row or event.previous or {}
    return spelled({
        "id": known, "rule": event.key.rule, "state": event.state, "at": event.at, "value": event.value,
        "row": event.row, "previous": event.previous, "page": row.get("url"), "source": row.get("source"),
    })  # fmt: skip


def spelled(value: Any) -> str:
    """JSON on one line: exact figures, times in UTC."""
    match value:
        case Mapping():
            return "{" + ",".join(f"{json.dumps(key)}:{spelled(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return f"[{','.join(map(spelled, value))}]"
        case Decimal():
            return str(plain(value))
        case datetime():
            return json.dumps(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    return json.dumps(value, ensure_ascii=False)


def notice(event: Mapping[str, Any], when: When) -> tuple[str, str]:
    """Title and text of a notice: `BTC change_pct < -5: fires`; what the row says, where and when."""
    return f"{event['rule']}: {event['state']}", "\n".join(_words(event, when))


def short(event: Mapping[str, Any], when: When) -> str:
    """The same on one line."""
    return "; ".join((f"{event['rule']}: {event['state']}", *_words(event, when)))


def _words(event: Mapping[str, Any], when: When) -> Iterable[str]:
    row, previous = event["row"], event["previous"]
    if row is None:
        yield f"nothing newer since {_at(previous, when)}" if previous else "never observed"
    elif event["value"] is None:
        yield f"observed again {_at(row, when)}"
    else:
        figures = f"{row['price']} {row['currency'] or ''}".strip()
        change = (
            ""
            if row["change_pct"] is None
            else f", {row['change_pct']} % {row['change_window'] or ''}".rstrip()
        )
        yield f"{row['symbol']} {figures}{change} at {_at(row, when)}"
        if previous:
            moved = f"moved {event['value']} %, " if " move_pct " in event["rule"] else ""
            yield f"{moved}before {previous['price']} at {_at(previous, when)}"
    if event["page"]:
        yield str(event["page"])


def _at(row: Mapping[str, Any], when: When) -> str:
    return when(datetime.fromisoformat(row["observed_at"]))


def run(command: str, line: str, seconds: float) -> str | None:
    """Give a line to a shell command; returns why it failed, None if it did not. It is killed, with what it began, when
    its time is over."""
    try:
        with subprocess.Popen(
            command, shell=True, stdin=subprocess.PIPE, stdout=2, text=True, encoding="utf-8",
            start_new_session=os.name == "posix",
        ) as process:  # fmt: skip
            try:
                process.communicate(line + "\n", timeout=seconds)
            except subprocess.TimeoutExpired:
                _end(process)
                return f"not done after {seconds:g} s, killed"
            except BaseException:
                _end(process)
                raise
    except BrokenPipeError:
        return None  # it did not want to read all of it
    except OSError as error:
        return str(error.strerror or error)
    return f"ended with {process.returncode}" if process.returncode else None


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _notifier(urls: Iterable[str]) -> Callable[[str, str], str | None]:
    """Sends title and text to all of Apprise's addresses; returns why one was not reached, None if all were."""
    heard = _Last()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Apprise's own
        try:
            from apprise import Apprise
        except ImportError:
            raise SettingsError("--notify", "needs Apprise, which is not installed", EXTRA) from None
        logging.getLogger("apprise").addHandler(heard)
        sender = Apprise()
        for url in urls:
            if not sender.add(url):  # that is all that Apprise says
                what = f"{url.partition(':')[0]}://… is no address that Apprise knows"
                raise SettingsError("--notify", what, "see https://appriseit.com")

    def send(title: str, body: str) -> str | None:
        heard.last = ""
        return None if sender.notify(body=body, title=title) else heard.last or "was not taken"

    return send


class _Last(logging.Handler):
    """Keeps what Apprise said last; without a handler it would write to standard error."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self.last = " ".join(record.getMessage().split()).rstrip(".")
