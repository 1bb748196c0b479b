"""Collecting from archives that answer as the real ones do, in good times and in bad ones."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from doubles import Answer, Clock, Double, Faults, Made, gaps, held, of, page, running, wanted, world

from tracker.collect import Orders, Tally, collect, estimate, known, target
from tracker.collect.archives import Archive, archives, chosen
from tracker.collect.capture import moment
from tracker.collect.choose import every
from tracker.collect.pace import TRIES, Gap, Pace
from tracker.collect.replay import soft_404
from tracker.errors import SourceError, TimeError
from tracker.ingest import ingest
from tracker.store import Store

KINDS = ("wayback", "crawl", "plain")


def run(
    double: Double, kind: str, into: Path, pace: Pace, typed: str = "www.a.kr/*", **wishes: object
) -> Tally:
    return collect([target(typed)], of(double, kind), Orders(into, **wishes), pace)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_an_archive_has_is_kept_once_and_the_rest_is_noted(
    double: Double, pace: Pace, tmp_path: Path, kind: str
) -> None:
    tally = run(double, kind, tmp_path, pace)
    assert held(tmp_path / "a.kr") == wanted(double.made)
    assert tally.kept + tally.revisits == tally.wanted == len(wanted(double.made)) and not tally.failed
    assert tally.listed == len(double.made)
    assert dict(tally.noted) == {
        "status 301": 3, "status 404": 3, "status 503": 3, "soft 404": 3
    }  # fmt: skip
    assert tally.passed == {"no page: image/png": 3}
    notes = (tmp_path / "a.kr" / "uncollected.csv").read_text("utf-8").splitlines()
    assert len(notes) == 1 + 12 and "http://www.a.kr/moved,20191201003000,status 301" in "\n".join(notes)
    before = len(double.asked)
    again = run(double, kind, tmp_path, pace)
    assert (again.kept, again.revisits, again.known, again.before) == (0, 0, tally.wanted, 12)
    listing = [path for path in double.paths()[before:] if "cdx" not in path and "index" not in path]
    assert listing == [], "what is kept, and what is noted, is not asked for again"


def test_records_of_common_crawl_keep_their_bytes(double: Double, pace: Pace, tmp_path: Path) -> None:
    run(double, "crawl", tmp_path, pace)
    (path,) = known.files(tmp_path / "a.kr")
    data, places = double.file
    for url, stamp, _ in wanted(double.made):
        offset, length = places[url, stamp]
        assert data[offset : offset + length] in path.read_bytes()


def test_a_payload_that_the_index_says_is_known_costs_no_request(
    double: Double, pace: Pace, tmp_path: Path
) -> None:
    tally = run(double, "wayback", tmp_path, pace)
    asked = [path for path in double.paths("/web/") if path.endswith("/market")]
    assert len(asked) == len({m.digest for m in double.made if m.url.endswith("/market")})
    assert tally.revisits == 30 - len(asked)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_collected_is_what_ingest_reads(
    double: Double, pace: Pace, tmp_path: Path, kind: str
) -> None:
    """The rows are those of the archive's own file: the same captures, each one observation."""
    (tmp_path / "crawl.warc.gz").write_bytes(double.file[0])
    store = Store(str(tmp_path / "a.duckdb"))
    first = ingest([tmp_path / "crawl.warc.gz"], store)
    assert first.added == len(wanted(double.made))
    run(double, kind, tmp_path / "warc", pace)
    again = ingest([tmp_path / "warc"], store)
    assert (again.added, again.anew, again.unreadable) == (0, 0, []), again
    assert again.blocks == first.blocks and not again.skipped
    alone = Store(str(tmp_path / "b.duckdb"))
    assert ingest([tmp_path / "warc"], alone).added == first.added
    rows = [(r["url"], r["captured_at"], r["time_basis"]) for r in alone.history("BTC")]
    kept = sorted((url, moment(stamp), "capture") for url, stamp, _ in wanted(double.made))
    assert sorted(rows) == kept


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_faults_leave_no_gap_and_nothing_twice(
    double: Double, pace: Pace, tmp_path: Path, kind: str, seed: int
) -> None:
    """A third of all answers fail, somehow. A few runs later it is as if nothing had."""
    double.faults = Faults(0.33, seed)
    runs = 0
    while True:
        tally, runs = run(double, kind, tmp_path, pace), runs + 1
        assert runs < 20
        if not (tally.failed or tally.left or tally.refused):
            break
    assert held(tmp_path / "a.kr") == wanted(double.made)


@pytest.mark.parametrize("kind", KINDS)
def test_never_more_often_than_promised(
    double: Double, pace: Pace, clock: Clock, tmp_path: Path, kind: str
) -> None:
    (archive,) = of(double, kind)
    double.faults = Faults(0.1, 5, ("503", "drop"))
    run(double, kind, tmp_path, pace)
    for part, gap in (
        ("cdx" if kind != "crawl" else "-index", archive.listing),
        ("id_/", archive.fetching),
        ("/data/", archive.fetching),
    ):
        assert min(gaps(double.times(part)), default=gap.seconds) >= gap.seconds, part
    assert sum(clock.slept) == pytest.approx(pace.waited)


@pytest.mark.parametrize(("named", "listing", "fetching"), [("wayback", 2.5, 0.2), ("commoncrawl", 1.0, 0.6)])
def test_known_archives_are_asked_at_their_pace(named: str, listing: float, fetching: float) -> None:
    (archive,) = archives(named, crawls=["CC-MAIN-2024-18"])
    assert (archive.listing.seconds, archive.fetching.seconds) == (listing, fetching)


def test_rate_only_slows_down(double: Double, clock: Clock, tmp_path: Path) -> None:
    run(double, "plain", tmp_path / "slow", Pace(clock=clock, sleep=clock.sleep, slow=3.0), limit=5)
    assert set(gaps(double.times("id_"))) == {3.0}
    double.asked.clear()
    run(double, "plain", tmp_path / "fast", Pace(clock=clock, sleep=clock.sleep, slow=0.01), limit=5)
    assert set(gaps(double.times("id_"))) == {1.0}


# --- what a host says


@pytest.mark.parametrize(
    ("kinds", "pauses"),
    [(("429",), [60, 120, 240, 480]), (("429 after",), [2] * 4), (("503",), [4, 8, 16, 32])],
)
def test_a_host_in_trouble_is_left_alone_longer_each_time(
    double: Double, pace: Pace, clock: Clock, tmp_path: Path, kinds: tuple[str, ...], pauses: list[float]
) -> None:
    double.faults = Faults(1.0, 0, kinds)
    said: list[object] = []
    tally = collect([target("a.kr/*")], of(double, "plain"), Orders(tmp_path), pace, on_say=said.append)
    assert gaps(double.times()) == pauses
    told = [f"the next try is in {seconds} s" for seconds in pauses if seconds >= 15]
    assert [str(line).rpartition("; ")[2] for line in said[: len(told)]] == told
    assert len(double.asked) == TRIES
    assert bool(tally.refused) == (kinds != ("503",)) and bool(tally.failed) == (kinds == ("503",))


def test_an_index_that_forbids_is_asked_once(double: Double, pace: Pace, tmp_path: Path) -> None:
    double.faults = Faults(1.0, 0, ("403",))
    tally = run(double, "crawl", tmp_path, pace)
    assert tally.refused and "wants no more requests: 403 Forbidden" in str(tally.refused)
    assert len(double.asked) == 1


def test_an_archived_503_is_a_capture_and_not_trouble(pace: Pace, tmp_path: Path) -> None:
    """The index may not know a status: of a revisit it never does."""
    made = [Made("http://a.kr/x", "20191201000000", b"busy", 503)]
    with running(Double(made)) as double:
        double._rows = lambda query: [made[0]._replace(status=200)]  # type: ignore[method-assign]
        tally = run(double, "wayback", tmp_path, pace, "a.kr/x")
    assert tally.noted == {"status 503": 1} and len(double.paths("/web/")) == 1


@pytest.mark.parametrize(
    ("kind", "reason"), [("wayback", "redirect to another capture"), ("plain", "another capture was given")]
)
def test_only_the_capture_that_was_asked_for_counts(
    double: Double, pace: Pace, tmp_path: Path, kind: str, reason: str
) -> None:
    """The index lists a capture that the replay has not: it gives the nearest, or leads there."""
    ghost = Made("http://www.a.kr/market", "20191202023100", page(5))
    double.made.append(ghost)
    double.made.sort(key=lambda one: one.key)
    if kind == "plain":  # the replay knows only what was there before
        replay = double._pywb_replay
        double._pywb_replay = lambda stamp, url: replay(
            "20191202023000" if stamp == ghost.stamp else stamp, url
        )  # type: ignore[method-assign]
    tally = run(double, kind, tmp_path, pace, since=moment("20191202023100"), until=moment("20191202023101"))
    assert tally.noted == {reason: 1} and not tally.kept
    assert ("http://www.a.kr/market", ghost.stamp) not in {(u, s) for u, s, _ in held(tmp_path / "a.kr")}


TITLES = {
    "404 Not Found": True, "404": True, "Error 404": True, "Page not found - X": True,
    "오류: 페이지를 찾을 수 없습니다": True, "Bitcoin falls to 404": False, "Bitcoin hits $404": False,
    "ETH 404.20 USD": False, "Lost and not found": False, "": False,
}  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_a_page_that_says_it_is_not_there_and_a_price_of_404(title: str) -> None:
    assert bool(soft_404(f"<html><title>{title}</title><p>404 not found".encode())) is TITLES[title]


# --- what is chosen


@pytest.mark.parametrize(
    ("span", "number"),
    [("1d", 2), ("1h", 30), ("6h", 5), ("all", 30), ("1mo", 1), ("1y", 1), ("90min", 20), ("1w", 1)],
)
def test_one_capture_in_each_interval(
    double: Double, pace: Pace, tmp_path: Path, span: str, number: int
) -> None:
    tally = run(double, "plain", tmp_path, pace, "www.a.kr/market", bucket=every(span))
    assert tally.wanted == number, (
        "60 hours of three days of December, a week begins on Thursday as time did in 1970"
    )


def test_where_the_first_of_an_interval_cannot_be_had_the_next_one_is_taken(
    pace: Pace, tmp_path: Path
) -> None:
    made = [
        Made("http://a.kr/x", "20191201000000", b"<title>404 Not Found</title>"),
        *(Made("http://a.kr/x", f"2019120{d}100000", page(d)) for d in (1, 2)),
    ]
    with running(Double(made)) as double:
        for expected in (2, 0):
            tally = run(double, "plain", tmp_path, pace, "a.kr/x", bucket=every("1d"))
            assert (tally.kept, len(held(tmp_path / "a.kr"))) == (expected, 2)


def test_time_limit_and_several_addresses(double: Double, pace: Pace, tmp_path: Path) -> None:
    since, until = moment("20191202000000"), moment("20191203000000")
    tally = run(double, "wayback", tmp_path, pace, "a.kr/market", since=since, until=until)
    assert tally.wanted == 6 and all("20191202" in stamp for _, stamp, _ in held(tmp_path / "a.kr"))
    for _ in range(2):
        tally = collect(
            [target("a.kr/market"), target("a.kr/coins?a=1&b=2")],
            of(double, "plain"),
            Orders(tmp_path / "l", limit=35),
            pace,
        )
    assert (tally.wanted, tally.known, tally.ended) == (35, 35, "")


def test_a_list_that_cannot_do_with_times_is_asked_without(
    double: Double, pace: Pace, tmp_path: Path
) -> None:
    """internetarchive/wayback#285: 504 for a prefix with a recent `from=`."""
    index = double._wayback_index
    double._wayback_index = lambda query: (
        (504, [], b"") if "from" in query and "fl" in query else index(query)
    )  # type: ignore[method-assign]
    tally = run(double, "wayback", tmp_path, pace, since=moment("20191202000000"))
    assert tally.wanted == len([m for m in wanted(double.made) if m[1] >= "20191202"]) and not tally.failed


@pytest.mark.parametrize("span", ["0d", "1", "d", "one day", "1.5d", "-1d", "1s"])
def test_what_is_no_interval_is_said(span: str) -> None:
    with pytest.raises(TimeError, match="no interval"):
        every(span)


# --- dry runs and budgets


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_writes_nothing_and_fetches_nothing(
    double: Double, pace: Pace, tmp_path: Path, kind: str
) -> None:
    seen = estimate([target("www.a.kr")], of(double, kind), Orders(tmp_path / "warc"), pace)
    assert not (tmp_path / "warc").exists() and not double.paths("id_") and not double.paths("/data/")
    soft = 3  # only the page itself tells
    assert (seen.listed, seen.wanted, seen.known) == (len(double.made), len(wanted(double.made)) + soft, 0)
    assert seen.size > 0 and seen.seconds > seen.wanted * 0.6
    run(double, kind, tmp_path / "warc", pace, limit=10)
    assert estimate([target("www.a.kr")], of(double, kind), Orders(tmp_path / "warc"), pace).known == 10


def test_a_budget_ends_a_run_and_the_next_one_goes_on(double: Double, pace: Pace, tmp_path: Path) -> None:
    from tracker.collect.tally import budget

    bytes_, runs = budget("3kB"), 0
    while (tally := run(double, "plain", tmp_path, pace, budget=bytes_)).ended:
        assert tally.ended == "the budget of bytes is used up" and tally.size < 4000
        runs += 1
    assert runs > 2 and held(tmp_path / "a.kr") == wanted(double.made)
    assert (
        run(double, "plain", tmp_path / "t", pace, budget=budget("20s")).ended
        == "the budget of time is used up"
    )
    assert budget("500MB|2h") == (500e6, 7200)
    for wrong in ("", "5", "2 weeks", "0MB", "MB"):
        with pytest.raises(TimeError):
            budget(wrong)


# --- addresses of archives


REPLAYS = {
    "http://h:8080/coll/cdx": "http://h:8080/coll/{stamp}id_/{url}",
    "http://h/cdx/search/cdx": "http://h/web/{stamp}id_/{url}",
    "https://h/deep/er/coll/cdx?x=1": "https://h/deep/er/coll/{stamp}id_/{url}",
    "https://arquivo.pt/wayback/cdx": "https://arquivo.pt/wayback/{stamp}id_/{url}",
    "wayback": "https://web.archive.org/web/{stamp}id_/{url}",
}


@pytest.mark.parametrize("named", REPLAYS)
def test_where_an_archive_replays_is_found_out(named: str) -> None:
    assert archives(named)[0].records == REPLAYS[named]


@pytest.mark.parametrize("named", ["http://h/index", "ftp://h/cdx", "archive", "http://h/cdx"])
def test_an_archive_that_is_none_is_said(named: str) -> None:
    with pytest.raises(SourceError):
        archives(named)
    with pytest.raises(SourceError, match="where captures are had"):
        archives("http://h/index", replay="{file}")
    assert archives("http://h/index", replay="http://h/x")[0].records == "http://h/x/{stamp}id_/{url}"


def test_the_crawls_of_a_time() -> None:
    listed = [
        {"id": "CC-MAIN-2024-18", "from": "2024-04-12T00:00:00", "to": "2024-04-25T00:00:00"},
        {"id": "CC-MAIN-2024-22", "from": "2024-05-18T00:00:00", "to": "2024-05-31T00:00:00"},
    ]
    assert chosen(listed, None, None) == ["CC-MAIN-2024-22"]
    assert chosen(listed, None, moment("20240501000000")) == ["CC-MAIN-2024-18"]
    assert chosen(listed, moment("20240420000000"), None) == ["CC-MAIN-2024-22", "CC-MAIN-2024-18"]
    with pytest.raises(SourceError, match="no crawl"):
        archives("commoncrawl", crawls=["2024-18"])


def test_an_index_that_is_none_and_one_that_has_nothing(double: Double, pace: Pace, tmp_path: Path) -> None:
    for kind in KINDS:
        tally = run(double, kind, tmp_path, pace, "nothing.kr/*")
        assert (tally.listed, tally.failed) == (0, [])
    double.live["/coll/cdx"] = lambda heads: (200, [("Content-Type", "text/html")], b"<html>hello")
    (error,) = run(double, "plain", tmp_path, pace).failed
    assert "no index of an archive" in str(error)


def test_a_file_that_its_index_does_not_fit_gives_no_page(double: Double, pace: Pace, tmp_path: Path) -> None:
    data, places = double.file
    key = next((m.url, m.stamp) for m in double.made if m.url.endswith("market"))
    double._file = data, places | {key: (places[key][0] + 1, places[key][1])}
    tally = run(double, "crawl", tmp_path, pace)
    assert tally.noted["no whole record lies there"] == 1
    other = Archive(
        f"{double.at}/x-index", f"{double.at}/{{file}}?whole", Gap("h", "cdx", 0), Gap("h", "r", 0)
    )
    double.live["/data/crawl.warc.gz"] = lambda heads: (200, [], data)
    assert collect([target("www.a.kr/market")], [other], Orders(tmp_path / "o"), pace).noted == {
        "its server does not give ranges": 30
    }


def test_archive_world_is_what_it_says() -> None:
    made = world()
    assert len(made) == 30 + 8 + 3 * 5 and made == sorted(made, key=lambda one: one.key)


def test_an_empty_answer_of_common_crawl_is_trouble_and_not_nothing(
    double: Double, pace: Pace, tmp_path: Path
) -> None:
    """Its limits show as empty answers too: a page of rows that was taken for an empty one would be lost silently."""
    index, left = double._crawl_index, [3, 1]

    def sometimes(query: dict[str, str]) -> Answer:
        left[0] -= 1
        return (200, [], b"") if left[0] in (0, 1) else index(query)

    double._crawl_index = sometimes  # type: ignore[method-assign]
    tally = run(double, "crawl", tmp_path, pace)
    assert not tally.failed and held(tmp_path / "a.kr") == wanted(double.made)
    double._crawl_index = lambda query: (200, [], b"")  # type: ignore[method-assign]
    (error,) = run(double, "crawl", tmp_path, pace).failed
    assert "an empty answer came" in str(error)


def test_rows_that_are_none_are_counted(double: Double, pace: Pace, tmp_path: Path) -> None:
    stamp = b', "timestamp": "20191201000000"'
    rows = [
        b'{"url": "http://a.kr/\\r\\nX: y"%s}' % stamp, b'{"url": "dns:a.kr"%s}' % stamp, b'{"url": ["x"]%s}' % stamp,
        b'{"url": "http://a.kr/", "timestamp": "2019"}', b'{"timestamp": "20191201000000"}', b'{"half": ', b"[]",
        b'{"url": "http://a.kr/"%s, "length": "x"}' % stamp, b"{}",
    ]  # fmt: skip
    double.live["/coll/cdx"] = lambda heads: (200, [], b"\n".join(rows) + b"\n")
    tally = run(double, "plain", tmp_path, pace)
    assert (tally.listed, dict(tally.passed)) == (
        0,
        {"a row of the index that is no page of the web": len(rows)},
    )


def test_a_site_that_an_archive_leaves_out_is_no_reason_to_stop(
    double: Double, pace: Pace, tmp_path: Path
) -> None:
    why = b"org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.AdministrativeAccessControlException"
    double._wayback_index = lambda query: (403, [], why)  # type: ignore[method-assign]
    tally = run(double, "wayback", tmp_path, pace)
    assert not tally.refused and "it is excluded" in str(tally.failed[0]) and len(double.asked) == 1


def test_a_capture_of_another_address_is_not_taken(pace: Pace, tmp_path: Path) -> None:
    """Archives look up an address without its scheme: of a second that has both, `http` that leads to `https` may come."""
    made = [
        Made("https://a.kr/x", "20191201000000", page(1)),
        Made("http://a.kr/x", "20191201000000", page(2)),
    ]
    with running(Double(made)) as double:
        replay = double._wayback_replay
        double._wayback_replay = lambda stamp, url: replay(stamp, "http://a.kr/x")  # type: ignore[method-assign]
        tally = run(double, "wayback", tmp_path, pace, "a.kr/x")
    assert (tally.kept, dict(tally.noted)) == (1, {"another address was given": 1})


@pytest.mark.parametrize("kind", KINDS)
def test_a_port_that_goes_without_saying_is_left_out(pace: Pace, tmp_path: Path, kind: str) -> None:
    made = [
        Made("http://a.kr:80/x", "20191201000000", page(1)),
        Made("https://a.kr:8443/x", "20191201000000", page(2)),
    ]
    with running(Double(made)) as double:
        double._by |= {("http://a.kr/x", "20191201000000"): made[0]}
        near = double._pywb_replay
        double._pywb_replay = lambda stamp, url: near(stamp, url.replace("http://a.kr/", "http://a.kr:80/"))  # type: ignore[method-assign]
        double._rows = lambda query: double.made  # type: ignore[method-assign]
        for kept in (2, 0):
            assert run(double, kind, tmp_path, pace, "a.kr/*").kept == kept


def test_more_is_asked_for_at_a_time_where_captures_are_many(
    double: Double, pace: Pace, tmp_path: Path
) -> None:
    """A large number alone would be wrong: the Wayback Machine looks through so much data and then ends without a word."""
    double.resume, few = 10**6, double._wayback_index
    limits: list[int] = []

    def index(query: dict[str, str]) -> Answer:
        limits.append(int(query.get("limit", "0")))
        double.resume = limits[-1] // 500
        return few(query)

    double._wayback_index = index  # type: ignore[method-assign]
    assert run(double, "wayback", tmp_path, pace).listed == len(double.made)
    assert set(limits[1:]) == {1000}, "two rows of a thousand are few"
    module = import_module("tracker.collect.cdx")
    limits.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS", 4)
        patch.setattr(module, "MOST_ROWS", 16)
        double._wayback_index = lambda query: _full(double, few, query, limits)  # type: ignore[method-assign]
        assert run(double, "wayback", tmp_path / "2", pace).listed == len(double.made)
    assert limits[:4] == [4, 8, 16, 16]


def _full(
    double: Double, index: Callable[[dict[str, str]], Answer], query: dict[str, str], limits: list[int]
) -> Answer:
    """As many rows as are asked for."""
    if "limit" in query:
        limits.append(int(query["limit"]))
        double.resume = limits[-1]
    return index(query)
