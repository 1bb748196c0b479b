"""How an event leaves: a line that a program reads, a command that gets it, a notice; and what is said where it does not."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from test_judge import NOON, row, rules

from tracker.errors import SettingsError
from tracker.watch.judge import Event, Key, judge
from tracker.watch.tell import Teller, run, short, told


def event() -> Event:
    rows = [
        row(0, price=100, site="에.kr"),
        row(1, price=Decimal("90.5"), change_pct=None, flags=["partial"]),
    ]
    rows[1]["site"] = "에.kr"
    return judge(rules("BTC move_pct < -3"), rows, {})[0][0]


def test_the_line_says_all_and_with_the_printed_digits() -> None:
    known, at, line = told(event())
    said = json.loads(line, parse_float=Decimal, parse_int=Decimal)
    assert "\n" not in line
    assert (said["id"], said["rule"], said["state"], said["value"]) == (
        known,
        "BTC move_pct < -3",
        "fires",
        Decimal("-9.5"),
    )
    assert (said["at"], at.isoformat()) == ("2026-11-27T12:01:00Z", "2026-11-27T12:01:00+00:00")
    assert (said["row"]["price"], said["previous"]["price"], said["row"]["change_pct"]) == (
        Decimal("90.5"),
        100,
        None,
    )
    assert '"price":90.5,' in line and '"price":100,' in line
    assert (said["row"]["site"], said["row"]["flags"], said["row"]["captured_at"]) == (
        "에.kr",
        ["partial"],
        "2026-11-27T12:01:00Z",
    )
    assert (said["page"], said["source"]) == ("https://a.kr/", "a.warc.gz#0")


def test_the_same_event_has_the_same_id_and_another_another() -> None:
    silent = Event(Key("a.kr silent 2h"), "fires", None, None, row(0), NOON)
    assert told(event()).id == told(event()).id
    assert told(silent).id == told(silent._replace(at=NOON.replace(hour=13))).id
    assert len({told(silent).id, told(event()).id, told(silent._replace(state="ends", row=row(1))).id}) == 3


SILENT = Event(Key("a.kr silent 2h"), "fires", None, None, row(0), NOON)
AT = "2026-11-27 12:0{}:00+00:00"
IN_WORDS = [
    (
        event(),
        f"BTC move_pct < -3: fires; BTC 90.5 KRW at {AT.format(1)}; moved -9.5 %, before 100 at {AT.format(0)}; https://a.kr/",
    ),
    (SILENT, f"a.kr silent 2h: fires; nothing newer since {AT.format(0)}; https://a.kr/"),
    (SILENT._replace(previous=None), "a.kr silent 2h: fires; never observed"),
    (
        SILENT._replace(state="ends", row=row(0), previous=None),
        f"a.kr silent 2h: ends; observed again {AT.format(0)}; https://a.kr/",
    ),
]


@pytest.mark.parametrize(("happened", "line"), IN_WORDS)
def test_an_event_in_words(happened: Event, line: str) -> None:
    assert short(json.loads(told(happened).line), str) == line


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("cat > got.json", None),
        ("true", None),
        ("cat > /dev/null; exit 3", "ended with 3"),
        ("no-such-command-at-all 2> /dev/null", "ended with 127"),
        ("sleep 60 & sleep 60", "not done after 0.3 s, killed"),
    ],
)
def test_a_command_gets_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, reason: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.monotonic()
    assert run(command, '{"rule":"비"}' * 20_000, 0.3) == reason
    assert time.monotonic() - start < 5
    if "got" in command:
        assert Path("got.json").read_text("utf-8") == '{"rule":"비"}' * 20_000 + "\n"


def test_a_notice_that_fails_is_said_and_counted() -> None:
    written: list[Any] = []
    said: list[str] = []
    teller = Teller(written.append, "exit 1", ["json://127.0.0.1:9/"], said.append)
    line = told(event()).line
    teller.tell(line)
    assert (written, teller.failed) == ([line], 2)
    assert said[0] == "a notice failed: --exec: ended with 1"
    assert re.match("a notice failed: --notify: .*JSON", said[1])
    assert len(said) == 2


def test_a_notice_arrives_in_words() -> None:
    taken: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        teller = Teller(lambda line: None, None, [f"json://127.0.0.1:{server.server_port}/"])
        teller.tell(told(event()).line)
    assert teller.failed == 0
    assert [(one["title"], one["message"].splitlines()[0]) for one in taken] == [
        ("BTC move_pct < -3: fires", f"BTC 90.5 KRW at {AT.format(1)}")
    ]


def test_an_address_that_apprise_does_not_know_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="nonsense://… is no address that Apprise knows"):
        Teller(print, urls=["nonsense://secret"])
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(SettingsError, match=r"not installed; pip install 'ticker-tracker\[alerts\]'"):
        Teller(print, urls=["json://localhost"])
