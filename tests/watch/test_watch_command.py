"""`tracker watch` as a user runs it, against a site on this machine: what it prints, writes, calls and returns."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from made_world import page

from tracker.cli import run
from tracker.coins.registry import load
from tracker.errors import Refused
from tracker.layouts.layout import load as layouts
from tracker.store import Store
from tracker.watch.bring import Bringer
from tracker.watch.sites import read

DOCS = Path(__file__).parents[2] / "docs"
CALM = {"BTC": (9_000_000, -1.0), "ETH": (190_000, 0.5), "XRP": (700, 0.2)}
FALLEN = {**CALM, "BTC": (8_500_000, -6.0)}


class Site:
    """A site: what it shows now, and how it was asked."""

    def __init__(self) -> None:
        self.body: bytes | None = page(CALM)
        self.late = ""  # how long it does not want to be asked
        self.asked: list[tuple[str, str | None]] = []  # path, and the validator that came with it
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.headers.get("If-None-Match")
                site.asked.append((self.path, known))
                tag = f'"{hash(site.body)}"'
                if self.path == "/robots.txt" or site.body is None:
                    self.send_error(404 if self.path == "/robots.txt" else 503)
                elif site.late:
                    self.send_response(429)
                    self.send_header("Retry-After", site.late)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif known == tag:
                    self.send_response(304)
                    self.end_headers()
                else:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(site.body)))
                    self.send_header("ETag", tag)
                    self.end_headers()
                    self.wfile.write(site.body)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site, watched by the file sites.toml of the working folder."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shown = Site()
    Path("sites.toml").write_text(
        f'interval = "1s"\nalerts = ["BTC change_pct < -5"]\n\n[[site]]\nurl = "{shown.url}"\n', "utf-8"
    )
    yield shown
    shown.server.shutdown()
    shown.server.server_close()


def later() -> None:
    """Past the interval, and into another second: captures are told apart by it."""
    time.sleep(1.05)


def test_rounds_of_a_timer(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    once = ["watch", "sites.toml", "--once", "--exec", "cat > alert.json"]
    assert run(once) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "127.0.0.1: 3 rows, 1 snapshot added" in err
    assert (
        "1 round, 1 page asked for, 0 unchanged, 0 not to be had, 1 snapshot added, 0 alerts fired, 0 ended"
        in err
    )

    later()  # the same page: asked with what is known, dated again
    assert run(once) == 0
    assert site.asked[-1][1] is not None
    assert "127.0.0.1: unchanged, 3 rows, 1 snapshot added" in capfd.readouterr().err

    later()
    site.body = page(FALLEN)
    assert run(once) == 3
    out, err = capfd.readouterr()
    event = json.loads(out)
    assert (event["rule"], event["state"], event["value"], event["page"]) == (
        "BTC change_pct < -5",
        "fires",
        -6,
        site.url,
    )
    assert (event["row"]["price"], event["previous"]["price"]) == (8_500_000, 9_000_000)
    assert Path("alert.json").read_text("utf-8") == out
    assert f"data/warc/127.0.0.1-{site.server.server_port}/" in event["source"]
    assert "alert" in err

    later()
    site.body = None
    assert run([*once, "--quiet"]) == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n"), "down: 503 Service Unavailable" in err) == ("", 1, True)

    rows = Store("data/tracker.duckdb").history("BTC")
    assert [int(row["price"]) for row in rows] == [9_000_000, 9_000_000, 8_500_000]
    assert run(["ingest", "data/warc"]) == 0
    assert ", 0 snapshots added, 0 read anew, 3 already known" in capfd.readouterr().err


WRONG = [
    (["nowhere.toml"], 2, "nowhere.toml: cannot be read: no such file"),
    (["sites.toml", "--report", "report.pdf"], 2, ".html"),
    (["sites.toml", "--notify", "nonsense://x"], 2, "nonsense://… is no address that Apprise knows"),
    (["bad.toml"], 2, "bad.toml: site 1: alerts: 'BTC pric < 5' has no field 'pric'; expected price"),
    (["sites.toml", "--margin", "much"], 2, "'much' is not a number"),
    (["sites.toml", "--coins", "none.csv"], 2, "none.csv"),
]


@pytest.mark.parametrize(("given", "status", "told"), WRONG)
def test_what_is_wrong_is_said_before_anything_is_asked(
    site: Site, capfd: pytest.CaptureFixture[str], given: list[str], status: int, told: str
) -> None:
    Path("bad.toml").write_text(f'[[site]]\nurl = "{site.url}"\nalerts = ["BTC pric < 5"]\n', "utf-8")
    assert run(["watch", *given, "--once"]) == status
    err = capfd.readouterr().err
    assert told in err
    assert err.count("\n") == 1
    assert site.asked == []


def foreground(*more: str) -> subprocess.Popen[str]:
    """The command as a process; it has said a line when this returns."""
    given = [sys.executable, "-m", "tracker", "watch", "sites.toml", *more]
    process = subprocess.Popen(given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr and "1 snapshot added" in process.stderr.readline()
    return process


@pytest.mark.parametrize("end", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_it_ends_cleanly_with_a_tally(
    site: Site, capfd: pytest.CaptureFixture[str], end: signal.Signals
) -> None:
    site.body = page(FALLEN)
    report = ["--report", "report.html"] * (end == signal.SIGINT)
    process = foreground(*report)
    try:
        assert run(["watch", "sites.toml", "--once"]) == 1
        assert f"is watched already by process {process.pid}" in capfd.readouterr().err
        while report and not Path("report.html").exists():
            time.sleep(0.05)
    finally:
        process.send_signal(end)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert err.endswith("1 alert fired, 0 ended\n")
    assert [json.loads(line)["state"] for line in out.splitlines()] == ["fires"]
    assert not list(Path("data/warc").rglob("*.open"))
    assert not report or "비트코인" in Path("report.html").read_text("utf-8")


def test_after_a_kill_nothing_is_told_again_and_all_is_read(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.body = page(FALLEN)
    process = foreground()
    assert process.stdout and json.loads(process.stdout.readline())["state"] == "fires"
    later()
    process.kill()
    process.communicate()
    assert list(Path("data/warc").rglob("*.open"))
    later()
    site.body = page(CALM)
    assert run(["watch", "sites.toml", "--once"]) == 0
    (line,) = capfd.readouterr().out.splitlines()
    assert json.loads(line)["state"] == "ends"
    assert run(["ingest", "data/warc"]) == 0
    assert " 0 snapshots added" in capfd.readouterr().err


def test_the_examples_of_the_help_are_true(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    site.body = page(FALLEN)
    run(["watch", "--help"])
    examples = re.findall(r"^  tracker (watch .+)$", capfd.readouterr().out, re.M)
    assert len(examples) >= 2
    for example in examples:
        assert run(shlex.split(example)) in (0, 3), example
        later()


def test_the_files_of_the_page_are_those_that_it_shows() -> None:
    text = (DOCS / "watch.md").read_text("utf-8")
    assert f"```toml\n{(DOCS / 'watch' / 'sites.toml').read_text('utf-8')}```" in text
    assert f"```ini\n{(DOCS / 'watch' / 'tracker-watch.service').read_text('utf-8')}```" in text


def test_the_file_of_sites_in_the_handbook_is_one() -> None:
    known = {one.id: (one,) for one in layouts()}
    sites = read(DOCS / "watch" / "sites.toml", load(), known.__getitem__)
    assert (len(sites.sites), len(sites.rules)) == (2, 5)


def test_a_host_that_wants_a_long_pause_does_not_hold_up_the_others(site: Site, tmp_path: Path) -> None:
    site.late = "3600"
    with Bringer(tmp_path / "warc") as bringer:
        assert str(bringer.bring(site.url).reason).startswith("429 Too Many Requests")
        start = time.monotonic()
        with pytest.raises(Refused, match=r"wants no request for another (1h|59m)"):
            bringer.bring(site.url)
        assert time.monotonic() - start < 5
