"""Archives and corpora: `tracker ingest` against the bare read loop of the library that reads them

Made files of 120,000 pages (WET, 240 MB of text) and of a tenth of that; one page in a thousand holds a block of the
seeds. Processor time of whole processes, start-up and store included; `slope` is the large file less the small one, so what
a page costs. The bare loops read every record and look at nothing. Those pages speak of no coin but for the lists;
`as the web has them` are pages of seventy kilobytes that do, with menus, cards, scripts and data: 11 in 100 name coins (two
of three in a link or a script only, the others in a menu or in passing, one of sixteen beside figures) and 1 in 600 holds
a list, as such HTML and as its text. The last lines: what two workers gain, by the clock, and the largest memory of a
process.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import median

from tracker.model import Page
from tracker.pages.document import from_text

from . import Ratio, processor_time, python, ratios

SEEDS = Path(__file__).parent.parent / "seeds"
PAGES = int(os.environ.get("TRACKER_BENCH_PAGES", "120000"))
EVERY = 1000  # one page in so many holds a block
ROUNDS = 3
WEB = 600  # of pages as the web has them one in so many holds a list
SPEAKING = 66  # of those 600 so many speak of coins

WARC = """
import sys
from fastwarc.warc import ArchiveIterator, WarcRecordType as Type
for record in ArchiveIterator(sys.argv[1], record_types=Type.{kind}, parse_http={http}):
    record.reader.read()
"""
LINES = """
import json, sys
for line in open(sys.argv[1], "rb"):
    json.loads(line)
"""
ROWS = """
import sys
from pyarrow.parquet import ParquetFile
for batch in ParquetFile(sys.argv[1]).iter_batches(columns=["text", "url", "timestamp"]):
    pass
"""
PIPELINE = r"""
import re, sys
from bs4 import BeautifulSoup
from warcio.archiveiterator import ArchiveIterator
row = re.compile(r"(?:BTC|ETH|XRP|BCH|EOS) ([\d,.]+) ([\d,.]+)\((-?[\d.]+)%\)")
with open(sys.argv[1], "rb") as stream:
    for record in ArchiveIterator(stream):
        if record.rec_type == "response":
            row.findall(BeautifulSoup(record.content_stream().read(), "lxml").get_text("\n"))
"""


PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Memory(Ratio):
    """A ratio of megabytes."""

    def __str__(self) -> str:
        return super().__str__().replace(" s |", " MB |")


@dataclass(frozen=True)
class Text:
    """Text as common as words are: a few thousand made ones, by Zipf's law."""

    words: list[str]
    weights: list[float]
    chance: random.Random

    def page(self, count: int) -> str:
        words = self.chance.choices(self.words, cum_weights=self.weights, k=count)
        return "\n".join(" ".join(words[i : i + 12]) for i in range(0, count, 12))


def text() -> Text:
    chance = random.Random(7)
    syllables = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]
    words = [
        word
        for _ in range(20_000)
        if "rank" not in (word := "".join(chance.choices(syllables, k=chance.randint(1, 4))))
    ]
    return Text(words, list(accumulate(1 / (n + 3) for n in range(len(words)))), chance)


def block() -> str:
    """The block and date of a seed."""
    return next(path.read_text("utf-8") for path in sorted(SEEDS.glob("ebn-*.txt")))


def record(number: int, body: str, kind: str) -> bytes:
    data = body.encode()
    media = "text/plain" if kind == "conversion" else "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://www.ebn.co.kr/news/view/{number}\r\n"
        f"WARC-Date: 2024-03-29T01:{number // 60 % 60:02}:{number % 60:02}Z\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
        f"WARC-Block-Digest: sha1:{number:032}\r\nContent-Type: {media}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + data + b"\r\n\r\n", 6)


def html(page: str) -> str:
    """A page with a menu and scripts around its text, as a server sends it."""
    menu = "".join(
        f'<li class="item item-{n}"><a href="/section/{n}?page=1">menu {n}</a></li>' for n in range(60)
    )
    body = "".join(f'<p class="paragraph">{line}</p>\n' for line in page.split("\n"))
    script = "".join(f'{{"id": {n}, "shown": true}},' for n in range(200))
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: nginx\r\nVary: Accept-Encoding\r\n\r\n"
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>page</title>'
        f"<script>var list = [{script}];</script></head><body><ul>{menu}</ul><article>{body}</article></body></html>"
    )


def archive(path: Path, count: int, kind: str, made: Text, words: tuple[int, int]) -> Path:
    """An archive of so many pages: a thousand of their own, over and over, and those with a block."""
    dress: Callable[[str], str] = html if kind == "response" else str
    common = [record(n, dress(made.page(made.chance.randint(*words))), kind) for n in range(EVERY)]
    with path.open("wb") as file:
        for n in range(count):
            found = n % EVERY == EVERY // 2
            file.write(
                record(10**6 + n, dress(f"{block()}\n{made.page(300)}"), kind) if found else common[n % EVERY]
            )
    return path


def passage(number: int) -> str:
    """How the n-th page that speaks of coins does so: two of three in markup only, the others in a menu or in passing, and
    one of sixteen with figures beside."""
    hidden = (
        '<a class="more" href="/bitcoin-and-the-town-14203">More</a> <span class="count">12</span>',
        '<script type="application/ld+json">{"headline": "What Bitcoin did to the town", "wordCount": 1240}</script>',
        '<script>var sections = {"crypto": 14, "weather": 12.5};</script>',
    )
    shown = (
        '<ul><li><a href="/tag/bitcoin">Bitcoin</a></li><li><a href="/tag/2024">Year</a></li></ul>',
        "<p>He had bought Bitcoin and Ethereum long before, and sold both when the house was paid for.</p>",
        "<p>암호화폐 이야기는 다음에 하기로 했다. 비트코인도 마찬가지다.</p>",
    )
    if number % 16 == 0:
        return "<p>Bitcoin rose 3.2% to $67,350 on Monday; Ethereum was at $3,120, as analysts had said.</p>"
    return hidden[number // 3 % 3] if number % 3 else shown[number // 3 % 3]


def web_page(number: int, made: Text) -> str:
    """A page of seventy kilobytes with what pages have around their article."""
    menu = "".join(
        f'<li class="item depth-{n % 3}"><a href="/s/{n}?utm=1" data-id="{n * 7919}"><span>{made.page(2)}</span></a></li>'
        for n in range(150)
    )
    cards = "".join(
        f'<div class="card card--wide" id="c{n}"><a href="/a/{n}"><img src="/i/{n}.jpg" alt="{made.page(3)}" width="320">'
        f'<h3>{made.page(8)}</h3></a><time datetime="2024-03-{n % 28 + 1:02}">{n % 12 + 1}:{n % 60:02}</time></div>'
        for n in range(90)
    )
    data = ",".join(
        f'{{"id":{n * 104729},"slug":"{n}-page","shown":true,"ratio":{n / 7:.3f}}}' for n in range(450)
    )
    lines = made.page(900).split("\n")
    body = "".join(f'<p class="text">{line} <a href="/x">{made.page(1)}</a></p>\n' for line in lines)
    speaks = passage(number) if number < SPEAKING else ""
    listed = block_list() if number == WEB - 1 else ""
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: nginx\r\nVary: Accept-Encoding\r\n\r\n"
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{made.page(6)}</title>'
        f'<style>.card{{width:320px}}</style><script>window.__STATE__={{"items":[{data}]}};</script></head><body>'
        f"<nav><ul>{menu}</ul></nav><main><article>{body}{speaks}</article><aside>{listed}{cards}</aside></main></body></html>"
    )


def block_list() -> str:
    """The block of a seed, a line an item."""
    items = (line.strip(" •") for line in block().splitlines())
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items if item) + "</ul>"


def web(path: Path, count: int, kind: str, made: Text) -> Path:
    """An archive of so many pages as the web has them: six hundred of their own, over and over."""
    pages = [web_page(n, made) for n in range(WEB)]
    if kind == "conversion":
        bare = Page("", "made")
        pages = [from_text(page.partition("\r\n\r\n")[2], bare, markup=True).text for page in pages]
    made.chance.shuffle(pages)
    common = [record(n, page, kind) for n, page in enumerate(pages)]
    with path.open("wb") as file:
        for n in range(count):
            file.write(common[n % WEB])
    return path


def four_times(path: Path, into: Path) -> Path:
    into.write_bytes(path.read_bytes() * 4)
    return into


def rows(count: int, made: Text) -> Iterator[dict[str, str]]:
    common = [made.page(made.chance.randint(120, 520)) for _ in range(EVERY)]
    for n in range(count):
        body = f"{block()}\n{common[0]}" if n % EVERY == EVERY // 2 else common[n % EVERY]
        yield {
            "text": body,
            "url": f"http://www.ebn.co.kr/news/view/{n}",
            "timestamp": f"2024-03-29T01:{n // 60 % 60:02}:00Z",
        }


def corpora(folder: Path, count: int, made: Text) -> tuple[Path, Path]:
    import pyarrow as pa
    from pyarrow import parquet

    every = list(rows(count, made))
    with (folder / "x.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in every)
    parquet.write_table(
        pa.Table.from_pylist(every), folder / "x.parquet", row_group_size=10_000, compression="zstd"
    )
    return folder / "x.jsonl", folder / "x.parquet"


def ingest(*files: Path, jobs: int = 1) -> list[str]:
    """The command, into a store of its own."""
    store = files[0].with_suffix(".duckdb")
    store.unlink(missing_ok=True)
    return python(
        "-m", "tracker", "--store", str(store), "ingest", "--quiet", "--jobs", str(jobs), *map(str, files)
    )


def bare(code: str, file: Path) -> list[str]:
    return python("-c", code, str(file))


def seconds(*measures: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The medians, measured in turn, so that a busy moment falls on all."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [median(column) for column in zip(*taken, strict=True)]


def cost(command: Callable[[], list[str]]) -> Callable[[], float]:
    return lambda: processor_time(command())


def archived(name: str, code: str, large: Path, small: Path, whole: str, slope: str) -> list[Ratio]:
    ours, theirs, ours_small, theirs_small = seconds(
        cost(lambda: ingest(large)), cost(lambda: bare(code, large)),
        cost(lambda: ingest(small)), cost(lambda: bare(code, small)), rounds=2 * ROUNDS + 1,
    )  # fmt: skip
    return [
        Ratio(f"{name}, whole process / FastWARC's bare loop", ours, theirs, whole),
        Ratio(f"{name}, slope / FastWARC's", ours - ours_small, theirs - theirs_small, slope),
    ]


def against(name: str, code: str, file: Path, goal: str) -> Ratio:
    return Ratio(name, *seconds(cost(lambda: ingest(file)), cost(lambda: bare(code, file))), goal)


def by_the_clock(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def peak(command: list[str]) -> float:
    """The largest memory of a process, in megabytes. A small one starts it: a process begins with what its parent has."""
    told = subprocess.run(python("-c", PEAK, *command), check=True, capture_output=True, text=True)
    return int(told.stdout) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def table() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder, made = Path(name), text()
        wet, tenth = (
            archive(folder / f"{n}.warc.wet.gz", count, "conversion", made, (120, 520))
            for n, count in enumerate((PAGES, PAGES // 10))
        )
        web, web_tenth = (
            archive(folder / f"{n}.warc.gz", count, "response", made, (600, 1500))
            for n, count in enumerate((PAGES // 4, PAGES // 40))
        )
        share = f"{100 * SPEAKING // WEB} % speak of coins, 1 in {WEB} holds a list"
        real, real_tenth = (
            web(folder / f"real-{n}.warc.gz", n, "response", made) for n in (PAGES // 20, PAGES // 200)
        )
        plain, plain_tenth = (
            web(folder / f"real-{n}.warc.wet.gz", n, "conversion", made) for n in (PAGES // 5, PAGES // 50)
        )
        lines, columns = corpora(folder, PAGES, made)
        two = [four_times(wet, folder / f"{n}-large.warc.wet.gz") for n in range(2)]
        clocks = [lambda jobs=jobs: by_the_clock(ingest(*two, jobs=jobs)) for jobs in (2, 1)]
        conversions, responses = (
            WARC.format(kind="conversion", http=False),
            WARC.format(kind="response", http=True),
        )
        few = f"two files of {4 * PAGES:,} pages, `--jobs 2` / `--jobs 1`, by the clock"
        mill = "WARC of HTML / warcio, BeautifulSoup and a regular expression"
        large = f"peak memory, {PAGES:,} pages / {PAGES // 10:,}"
        found = [
            *archived("WET", conversions, wet, tenth, "1.5 or less", "1.2 or less"),
            *archived("WARC of HTML", responses, web, web_tenth, "", "1.4 or less"),
            *archived(
                f"HTML as the web has it ({share})", responses, real, real_tenth, "2.0 or less", "1.8 or less"
            ),
            *archived(
                f"WET of such pages ({share})", conversions, plain, plain_tenth, "2.0 or less", "1.8 or less"
            ),
            against(mill, PIPELINE, web_tenth, "0.1 or less"),
            against("JSON Lines / `json.loads` of every line", LINES, lines, "1.5 or less"),
            against("Parquet / pyarrow's batches of the same columns", ROWS, columns, "1.5 or less"),
            Ratio(few, *seconds(*clocks), "0.56 or less on two idle cores"),
            Memory(large, peak(ingest(wet)), peak(ingest(tenth)), "1.1 or less"),
        ]
        return ratios(found)
