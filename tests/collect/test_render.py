"""Pages whose list a script draws, in a real browser: Debian's Chromium. Run by `make test-browser`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles import COINS, Answer, Clock, Double, running

from tracker.collect import Orders, Pace, collect, known, target
from tracker.collect.record import fields_of, members
from tracker.errors import SourceError
from tracker.ingest import ingest
from tracker.store import Store

pytestmark = pytest.mark.browser

DATA = [{"name": name, "price": f"{price:,}원", "change": "-1.52%"} for name, price in COINS]
PAGE = """<html><head><title>시세</title></head><body><p>실시간 암호화폐 시세</p><ul id="list"></ul><img src="/picture.png">
<script>
fetch("%s").then(answer => answer.json()).then(rows => {
  for (const row of rows) {
    const line = document.createElement("li");
    line.textContent = `${row.name} ${row.price} ${row.change}`;
    document.getElementById("list").append(line);
  }
});
</script></body></html>"""


@pytest.fixture
def site(clock: Clock) -> Iterator[Double]:
    with running(Double(clock=clock)) as double:
        html = ("Content-Type", "text/html; charset=utf-8")
        data = ("Content-Type", "application/json")

        def page(address: str) -> Answer:
            return 200, [html, ("ETag", '"1"')], (PAGE % address).encode()

        double.live = {
            "/": lambda heads: page("/data.json"),
            "/inside": lambda heads: page(f"http://localhost:{double.server_port}/data.json"),
            "/leads-inside": lambda heads: page("/away"),
            "/away": lambda heads: (
                302,
                [("Location", f"http://localhost:{double.server_port}/secret")],
                b"",
            ),
            "/data.json": lambda heads: (
                200,
                [data, ("Access-Control-Allow-Origin", "*")],
                json.dumps(DATA).encode(),
            ),
            "/secret": lambda heads: (200, [data], json.dumps(DATA).encode()),
        }
        yield double


def drawn(site: Double, path: str, into: Path, pace: Pace) -> list[SourceError]:
    return collect([target(site.at + path)], [], Orders(into, render=True), pace).failed


def kinds(folder: Path) -> list[tuple[str, str]]:
    """The type and the path of each record."""
    (path,) = known.files(folder)
    with path.open("rb") as file:
        heads = [fields_of(member.record)[0] for member in members(file)]
    return [
        (head["warc-type"], "/" + head.get("warc-target-uri", "").partition("//")[2].partition("/")[2])
        for head in heads
    ]


def test_a_list_that_a_script_draws(site: Double, pace: Pace, tmp_path: Path) -> None:
    """The page is asked for once, its data once, its picture never."""
    assert not drawn(site, "/", tmp_path / "warc", pace)
    (folder,) = (tmp_path / "warc").iterdir()
    assert kinds(folder) == [
        ("warcinfo", "/"),
        ("request", "/"),
        ("response", "/"),
        ("resource", "/"),
        ("response", "/data.json"),
    ]
    assert sorted(site.paths()) == ["/", "/data.json", "/robots.txt"]
    store = Store(str(tmp_path / "s.duckdb"))
    tally = ingest([tmp_path / "warc"], store)
    assert tally.added == 1 and not tally.unreadable
    rows = list(store.history("BTC"))
    assert [(int(row["price"]), row["time_basis"]) for row in rows] == [(8_692_000, "capture")]
    assert not drawn(site, "/", tmp_path / "warc", pace), "again: it is drawn anew, whatever its ETag says"


@pytest.mark.parametrize("path", ["/inside", "/leads-inside"])
def test_scripts_reach_no_other_machine_of_an_inner_network(
    site: Double, pace: Pace, tmp_path: Path, path: str
) -> None:
    drawn(site, path, tmp_path, pace)
    assert "/secret" not in site.paths()
    assert all(heads["host"].startswith("127.0.0.1:") for _, _, heads in site.asked)


def test_without_a_browser_it_is_said(
    site: Double, pace: Pace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Exception, match="needs Chromium, and there is none"):
        drawn(site, "/", tmp_path, pace)
