"""Against pywb itself, plain and on a zipnum cluster; and a collection that is killed again and again.

`make test-collect` makes the environment that pywb needs and names it in TRACKER_PYWB; TRACKER_KILLS says how often to kill.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from doubles import Double, Made, held, of, running, wanted, world

from tracker.collect import Orders, collect, known, target
from tracker.collect.archives import archives
from tracker.collect.asking import Asking
from tracker.collect.cdx import Listing
from tracker.collect.cdxj import rows
from tracker.collect.pace import Pace
from tracker.ingest import ingest
from tracker.pages.web import Web
from tracker.store import Store

pytestmark = pytest.mark.pywb

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
BEGIN = datetime(2024, 4, 1, 3, tzinfo=UTC)
FREE = frozenset({"127.0.0.1"})
BLOCK = 4  # rows in a block of the cluster


def tool(name: str) -> str:
    """A program of pywb's environment."""
    path = Path(os.environ.get("TRACKER_PYWB", ROOT / ".venv-pywb" / "bin"), name).absolute()
    assert path.exists(), f"there is no {path}: `make test-collect` makes it"
    return str(path)


def seeded() -> list[Made]:
    """The seeds as captures of a site: each packed by gzip or not, and once more, three days later; and what is no page."""
    made = []
    for number, path in enumerate(SEEDS):
        for again in range(2):
            stamp = (BEGIN + timedelta(hours=number, days=3 * again)).strftime("%Y%m%d%H%M%S")
            url = f"http://www.example.kr/news/{number}?a=1"
            made.append(Made(url, stamp, path.read_bytes(), mime="text/plain", coding="gzip" * (number % 2)))
    url, stamp = "http://www.example.kr/old", BEGIN.strftime("%Y%m%d%H%M%S")
    made += [
        Made(url, stamp, b"moved", 302, location=made[0].url),
        Made("http://www.example.kr/busy", stamp, b"busy", 503),
    ]
    return sorted(made, key=lambda one: one.key)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return seeded()


@pytest.fixture(scope="module")
def original(made: list[Made], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive's own file."""
    path = tmp_path_factory.mktemp("original") / "crawl.warc.gz"
    path.write_bytes(b"".join(one.record() for one in made))
    return path


@pytest.fixture(scope="module")
def pywb(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """pywb at work, with two collections of the same file: `plain`, and `zip` on a zipnum cluster."""
    place = tmp_path_factory.mktemp("pywb")
    for name in ("plain", "zip"):
        subprocess.run([tool("wb-manager"), "init", name], cwd=place, check=True, capture_output=True)
    subprocess.run([tool("wb-manager"), "add", "plain", original], cwd=place, check=True, capture_output=True)
    (place / "collections/zip/archive/crawl.warc.gz").write_bytes(original.read_bytes())
    cluster(
        (place / "collections/plain/indexes/index.cdxj").read_text().splitlines(True),
        place / "collections/zip/indexes",
    )
    with serving(place) as address:
        yield address


@contextmanager
def serving(place: Path) -> Iterator[str]:
    """pywb at work in a folder of collections: its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command, quiet = [tool("wayback"), "-b", "127.0.0.1", "-p", str(port)], subprocess.DEVNULL
    with subprocess.Popen(command, cwd=place, stdout=quiet, stderr=quiet) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def cluster(lines: list[str], place: Path) -> None:
    """An index as Common Crawl has it: blocks of some rows packed by themselves, and an index of the blocks."""
    packed, summary = b"", ""
    for number, at in enumerate(range(0, len(lines), BLOCK)):
        block = gzip.compress("".join(lines[at : at + BLOCK]).encode())
        key = " ".join(lines[at].split(" ")[:2])
        summary += f"{key}\tcluster.gz\t{len(packed)}\t{len(block)}\t{number}\n"
        packed += block
    (place / "cluster.gz").write_bytes(packed)
    (place / "cluster.idx").write_text(summary)
    (place / "cluster.loc").write_text("cluster.gz\tcluster.gz\n")


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "pywb ended"
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("pywb did not answer within 30 s")


@pytest.mark.parametrize(("collection", "dialect"), [("plain", "plain"), ("zip", "zipnum")])
def test_what_pywb_replays_is_what_it_holds(
    pywb: str, original: Path, made: list[Made], tmp_path: Path, collection: str, dialect: str
) -> None:
    """The acceptance: nothing is added by what was collected of it, through pywb."""
    (archive,) = archives(f"{pywb}/{collection}/cdx")
    tally = collect([target("example.kr/*")], [archive], Orders(tmp_path / "warc"), Pace(free=FREE))
    assert not (tally.failed or tally.left) and tally.kept + tally.revisits == 2 * len(SEEDS)
    assert dict(tally.noted) == {"status 302": 1, "status 503": 1}
    nothing_added(original, tmp_path)
    with Web() as web:
        listing = Listing(
            Asking(web, Pace(free=FREE), archive.listing), archive.index, target("example.kr/*"), None, None
        )
        assert len(list(listing)) == len(made) and listing.dialect == dialect
    read_by_others(tmp_path / "warc")


@pytest.mark.parametrize("kind", ["wayback", "crawl", "plain"])
def test_what_the_doubles_give_is_what_they_hold(
    original: Path, made: list[Made], tmp_path: Path, kind: str
) -> None:
    with running(Double(made)) as double:
        collect([target("example.kr/*")], of(double, kind), Orders(tmp_path / "warc"), Pace(free=FREE))
    nothing_added(original, tmp_path)
    read_by_others(tmp_path / "warc")


def nothing_added(original: Path, place: Path) -> None:
    """What was collected adds nothing to the rows of the file it is from, and gives as many alone."""
    store, alone = Store(str(place / "a.duckdb")), Store(str(place / "b.duckdb"))
    first = ingest([original], store)
    assert first.added == 2 * len(SEEDS)
    again = ingest([place / "warc"], store)
    assert (again.added, again.anew, again.blocks, again.unreadable) == (0, 0, first.blocks, []), again
    assert ingest([place / "warc"], alone).added == first.added


def read_by_others(folder: Path) -> None:
    """warcio checks every digest; cdxj-indexer and pywb's own indexer find what our index says."""
    for path in known.files(folder / "example.kr"):
        checked = subprocess.run([tool("warcio"), "check", "-v", path], capture_output=True, text=True)
        assert checked.returncode == 0 and "digest pass" in checked.stdout and "fail" not in checked.stdout, (
            checked.stdout
        )
        ours = [(row.url, row.stamp, row.offset, row.length) for row in rows(known.index_of(path))]
        assert ours
        for indexer in ("cdxj-indexer", "cdx-indexer"):
            options = ["-s"] if indexer == "cdxj-indexer" else ["-j", "-s"]
            told = subprocess.run(
                [tool(indexer), *options, path], capture_output=True, text=True, check=True
            ).stdout
            theirs = [
                (line.split(" ", 2)[1], json.loads(line.split(" ", 2)[2]))
                for line in told.splitlines()
                if "{" in line
            ]
            found = [(said["url"], stamp, int(said["offset"]), int(said["length"])) for stamp, said in theirs]
            assert sorted(found) == sorted(ours), indexer
        keys = [line.split(" ")[0] for line in known.index_of(path).read_text("utf-8").splitlines()]
        told = subprocess.run(
            [tool("cdxj-indexer"), "-s", path], capture_output=True, text=True, check=True
        ).stdout
        assert keys == [line.split(" ")[0] for line in told.splitlines()], "and sort it as it does"


def test_pywb_replays_what_was_collected(made: list[Made], original: Path, tmp_path: Path) -> None:
    """The files go into pywb as they are, revisits too, and out of it comes the same once more."""
    with running(Double(made)) as double:
        collect([target("example.kr/*")], of(double, "wayback"), Orders(tmp_path / "first"), Pace(free=FREE))
    (path,) = known.files(tmp_path / "first" / "example.kr")
    place = tmp_path / "pywb"
    place.mkdir()
    subprocess.run([tool("wb-manager"), "init", "coll"], cwd=place, check=True, capture_output=True)
    subprocess.run([tool("wb-manager"), "add", "coll", path], cwd=place, check=True, capture_output=True)
    with serving(place) as address:
        tally = collect(
            [target("example.kr/*")],
            archives(f"{address}/coll/cdx"),
            Orders(tmp_path / "warc"),
            Pace(free=FREE),
        )
    assert not (tally.failed or tally.left or tally.noted)
    nothing_added(original, tmp_path)


@pytest.mark.parametrize("kind", ["wayback", "crawl"])
def test_killed_again_and_again_it_ends_as_if_undisturbed(tmp_path: Path, kind: str) -> None:
    """kill -9 at moments by chance; after each, every file is read by warcio; in the end nothing is lost or twice."""
    chance = random.Random(16)
    kills, happened, rounds = int(os.environ.get("TRACKER_KILLS", "20")) // 2, 0, 0
    captures = world(240)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    with running(Double(captures)) as double:
        double.resume = double.index_page = 50
        command = [sys.executable, str(ROOT / "tests" / "collector.py"), kind, double.at]
        while happened < kills:
            rounds += 1
            folder = tmp_path / str(rounds)
            for _ in range(kills):
                asked = len(double.asked)
                with subprocess.Popen(
                    [*command, str(folder), "www.a.kr/*"], env=environment, stdout=subprocess.PIPE
                ) as process:
                    enough = asked + chance.randrange(2, 60)
                    while process.poll() is None and len(double.asked) < enough:
                        time.sleep(0.002)
                    process.send_signal(signal.SIGKILL)
                    killed = process.wait() == -signal.SIGKILL
                happened += killed
                readable(folder / "a.kr")
                if not killed or happened >= kills:
                    break
            done = subprocess.run(
                [*command, str(folder), "www.a.kr/*"], env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            assert held(folder / "a.kr") == wanted(captures)
            notes = (folder / "a.kr" / "uncollected.csv").read_text("utf-8").splitlines()[1:]
            met = [tuple(line.split(",")[1:3]) for line in notes]
            assert len(met) == len(set(met)) == 4 * 24


def readable(folder: Path) -> None:
    """As far as it goes, and the tail that a kill may leave is all that is wrong with it."""
    from warcio.archiveiterator import ArchiveIterator

    for path in known.files(folder):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                record.content_stream().read()
