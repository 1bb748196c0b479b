"""Makes the samples of this folder, each named after its defect: `python tests/files/make.py`.

They are committed: what a library of tomorrow writes may differ, what it must read does not.
"""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

FOLDER = Path(__file__).parent
BLOCK = """2024 | 03 | 29
코스피 2,745.82 9.29(-0.34%)
USD$ 1350.0 -1.0
BTC 100,703,000 1,134,000(1.14%)
ETH 5,068,000 14,000(0.28%)
XRP 903.6 17.8(2.01%)"""
HTML = f"<!doctype html><html><head><title>쪽</title></head><body><pre>{BLOCK}</pre></body></html>"


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


class Kept(io.BytesIO):
    """FastWARC's writers close what they write into; this lets its content be had all the same."""

    def close(self) -> None: ...


def zst(data: bytes, **options: bytes) -> bytes:
    from fastwarc.stream_io import ZstdWriter

    into = Kept()
    with ZstdWriter(into, **options) as writer:
        writer.write(data)
    return into.getvalue()


def br(data: bytes) -> bytes:
    from fastwarc.stream_io import BrotliWriter

    into = Kept()
    with BrotliWriter(into) as writer:
        writer.write(data)
    return into.getvalue()


def record(
    number: int, body: bytes | str, kind: str = "conversion", length: object = None, **headers: str
) -> bytes:
    """A WARC record of the site a.kr, captured on 30 March 2024 at 01:00 and so many seconds."""
    body = body.encode() if isinstance(body, str) else body
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": f"https://www.a.kr/{number}",
        "WARC-Date": f"2024-03-30T01:00:{number:02}Z",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "Content-Type": "text/plain" if kind == "conversion" else "application/http; msgtype=response",
        **{name.replace("_", "-"): value for name, value in headers.items()},
        "Content-Length": len(body) if length is None else length,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value != "")
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + body + b"\r\n\r\n"


def response(number: int, body: bytes | str, head: str = "Content-Type: text/html; charset=utf-8") -> bytes:
    body = body.encode() if isinstance(body, str) else body
    return record(number, f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body, "response")


def chunked(data: bytes, size: int = 100) -> bytes:
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def pages(count: int = 5) -> list[bytes]:
    """Records of which the one with number 3 has the block."""
    return [record(n, f"page {n}\n" * 9 + (BLOCK if n == 3 else "")) for n in range(1, count + 1)]


def replaced(number: int, by: bytes) -> list[bytes]:
    return [by if n == number else one for n, one in enumerate(pages(), 1)]


def clipped(number: int, body: str) -> bytes:
    """A response whose record says one byte less than it has."""
    raw = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    return record(number, raw, "response", len(raw) - 1)


def dictionary() -> bytes:
    from fastwarc.stream_io import zstd_train_dictionary_from_samples

    trained = zstd_train_dictionary_from_samples([record(n, f"page {n}\n" * 9) for n in range(400)], 1024)
    frame = zst(trained)
    head = b"\x5d\x2a\x4d\x18" + len(frame).to_bytes(4, "little") + frame
    return head + b"".join(zst(one, dictionary=trained) for one in pages())


def archives() -> dict[str, bytes]:
    packed = [gz(one) for one in pages()]
    broken = packed[1][:60] + b"\xff\x00\xff" + packed[1][63:]
    packed_body = gz(HTML.encode())
    return {
        "whole.warc.gz": b"".join(packed),
        "whole.warc.zst": b"".join(zst(one) for one in pages()),
        "cut-off-in-a-record.warc": b"".join(pages())[:-60],
        "cut-off-in-a-record.warc.gz": b"".join(packed)[:-30],
        "cut-off-in-a-header.warc.gz": b"".join(packed[:4]) + packed[4][:40],
        "cut-off-in-a-record.warc.zst": b"".join(zst(one) for one in pages())[:-30],
        "damaged-record.warc.gz": packed[0] + broken + b"".join(packed[2:]),
        "garbage-between-records.warc": b"".join([*pages()[:2], b"garbage\r\n" * 30, *pages()[2:]]),
        "garbage-between-records.warc.gz": b"".join([*packed[:2], b"garbage" * 30, *packed[2:]]),
        "garbage-before-the-first-record.warc": b"garbage\n" + b"".join(pages()),
        "zeros-behind-the-last-record.warc.gz": b"".join(packed) + bytes(100),
        "length-too-short.warc.gz": b"".join(map(gz, replaced(2, record(2, "page 2\n" * 9, length=20)))),
        "length-a-byte-short.warc": b"".join(replaced(2, clipped(2, HTML))),
        "length-a-byte-short.warc.gz": b"".join(map(gz, replaced(2, clipped(2, HTML)))),
        "length-a-byte-short-in-a-figure.warc": b"".join(replaced(2, clipped(2, "BTC 100,703"))),
        "length-too-long.warc": b"".join(replaced(2, record(2, "page 2\n" * 9, length=300))),
        "length-beyond-the-end.warc.gz": b"".join(
            map(gz, replaced(2, record(2, "page 2\n" * 9, length=10**6)))
        ),
        "length-absurd.warc": b"".join(replaced(2, record(2, "page 2\n" * 9, length=10**12))),
        "length-no-number.warc": b"".join(replaced(2, record(2, "page 2\n" * 9, length="many"))),
        "line-feeds-only.warc": b"".join(pages()).replace(b"\r\n", b"\n"),
        "line-feeds-in-one-record.warc": b"".join(replaced(2, pages()[1].replace(b"\r\n", b"\n"))),
        "packed-as-a-whole.warc.gz": gz(b"".join(pages())),
        "packed-as-a-whole-and-cut-off.warc.gz": gz(b"".join(pages()))[:-20],
        "packed-two-by-two.warc.gz": gz(b"".join(pages()[:2])) + gz(b"".join(pages()[2:4])) + gz(pages()[4]),
        "dictionary.warc.zst": dictionary(),
        "no-archive.warc": b"Dear diary,\n" * 9,
        "no-date.warc": b"".join(replaced(3, record(3, BLOCK, WARC_Date="yesterday"))),
        "archive-in-a-record.warc": record(1, b"".join(pages()), "resource", Content_Type="application/warc")
        + record(2, BLOCK),
        "coded-bodies.warc": b"".join(
            [
                response(1, chunked(HTML.encode()), "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
                response(2, packed_body, "Content-Type: text/html\r\nContent-Encoding: gzip"),
                response(3, br(HTML.encode()), "content-type: text/html\r\ncontent-encoding: br"),
                response(4, zst(HTML.encode()), "Content-Type: text/html\r\nContent-Encoding: zstd"),
                response(5, chunked(packed_body), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked"),
                response(6, HTML.encode("cp949"), "Content-Type: text/html; charset=euc-kr"),
                response(7, HTML.replace("<title>", "<meta charset=ks_c_5601-1987><title>").encode("cp949")),
                response(8, HTML.encode("utf-16"), "Content-Type: text/html"),
            ]
        ),
        "coding-declared-and-not-applied.warc": b"".join(
            response(n, HTML, f"Content-Type: text/html\r\nContent-Encoding: {coding}")
            for n, coding in enumerate(("gzip", "deflate", "br", "zstd", "utf-8"), 1)
        )
        + response(6, HTML, "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        "bodies-packed-and-not-declared.warc": response(1, packed_body)
        + response(2, packed_body, "Content-Type: text/html\r\nContent-Encoding: gzip")
        + response(3, gz(packed_body), "Content-Type: text/html\r\nContent-Encoding: gzip")
        + record(4, packed_body, "resource", Content_Type="text/html")
        + response(5, packed_body[:-20])
        + response(6, packed_body, "Content-Type: image/svg"),
        "bodies-that-break-off.warc": b"".join(
            [
                response(1, packed_body[:-20], "Content-Type: text/html\r\nContent-Encoding: gzip"),
                response(2, br(HTML.encode())[:-9], "Content-Type: text/html\r\nContent-Encoding: br"),
                response(
                    3, chunked(HTML.encode())[:-90], "Content-Type: text/html\r\nTransfer-Encoding: chunked"
                ),
                response(4, HTML, "Content-Type: text/html\r\nContent-Encoding: compress"),
                response(5, HTML),
            ]
        ),
        "no-pages.warc": response(1, b"\x89PNG\r\n", "Content-Type: image/png")
        + record(2, "scheme", "request")
        + response(3, "", "Content-Type: text/html"),
        "texts-of-its-own.warc": response(1, HTML)
        + record(
            2, BLOCK, "resource", WARC_Target_URI="urn:text:https://www.a.kr/1", Content_Type="text/plain"
        )
        + record(
            3,
            BLOCK,
            "resource",
            WARC_Target_URI="<urn:textFinal:https://www.a.kr/1>",
            Content_Type="text/plain",
        )
        + record(4, BLOCK, "resource", Content_Type="text/plain"),
        "revisits.warc": b"".join(revisits()),
        "memento.warc": response(
            1, HTML, "Content-Type: text/html\r\nMemento-Datetime: Tue, 03 Dec 2019 07:35:00 GMT"
        ),
    }


def revisits() -> list[bytes]:
    """A page with the block, and records that refer to it by address and time, by id, by digest, and to nothing."""
    bare = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    original = record(1, bare + HTML.encode(), "response", WARC_Payload_Digest="sha1:AAAA")
    address = {
        "WARC_Refers_To_Target_URI": "https://www.a.kr/1",
        "WARC_Refers_To_Date": "2024-03-30T01:00:01Z",
    }
    return [
        original,
        record(2, bare, "revisit", **address),
        record(3, b"", "revisit", WARC_Refers_To="<urn:uuid:00000000-0000-0000-0000-000000000001>"),
        record(4, bare, "revisit", WARC_Payload_Digest="sha1:AAAA"),
        record(5, bare, "revisit", WARC_Payload_Digest="sha1:BBBB"),
    ]


def lines() -> dict[str, bytes]:
    good = {"text": f"news\n{BLOCK}", "url": "https://www.a.kr/1", "timestamp": "2024-03-30T01:00:00Z"}
    other = [
        "[1, 2]",
        '"text"',
        '{"text": 1}',
        '{"body": "x"}',
        '{"text": "cut',
        "",
        '{"text": null}',
        "{'text': 'x'}",
    ]
    packed = gz("".join(json.dumps({**good, "text": f"page {n} {BLOCK}"}) + "\n" for n in range(40)).encode())
    return {
        "lines-of-other-types.jsonl": "\n".join(
            [json.dumps(good), *other, json.dumps(good, ensure_ascii=False)]
        ).encode(),
        "no-text-column.jsonl": b'{"body": "x", "id": 1}\n' * 3,
        "cut-off.jsonl.gz": packed[:-40],
        "in-cp949.jsonl": json.dumps(good, ensure_ascii=False).encode("cp949"),
    }


def as_browsers_do(data: bytes) -> str:
    """Windows-1252, and as it is what that leaves undefined."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def documents() -> dict[str, bytes]:
    korean = "입력 2019-12-03 16:35 비트코인 시세"
    return {
        "empty.txt": b"",
        "blank.txt": b" \r\n\t\n",
        "binary.txt": bytes(range(256)) * 4,
        "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(40),
        "cp949-undeclared.txt": korean.encode("cp949"),
        "cp949-declared-as-utf-8.html": f'<meta charset="utf-8"><p>{korean}'.encode("cp949"),
        "utf-8-declared-as-euc-kr.html": f'<meta charset="euc-kr"><p>{korean} 가격'.encode(),
        "cp949-read-as-latin-1.txt": korean.encode("cp949").decode("latin-1").encode(),
        "utf-8-read-as-latin-1.txt": as_browsers_do(korean.encode()).encode(),
        "one-bad-byte.txt": korean.encode() + b"\xff",
        "utf-16.txt": korean.encode("utf-16"),
        "shift-jis-undeclared.txt": "ビットコイン 1,000 円 これはテストです。日本語の文章".encode("cp932"),
        "latin-1.html": "<html><meta charset=iso-8859-1><p>Créé à Genève: 1 000 €".encode("cp1252"),
    }


def mhtml(end: str = "--") -> bytes:
    """As Chrome saves: the page in quoted-printable, a frame in base64, an answer in JSON, a picture."""
    from base64 import encodebytes
    from quopri import encodestring

    def part(kind: str, coding: str, url: str, body: bytes) -> bytes:
        head = (
            f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\nContent-Location: {url}\r\n\r\n"
        )
        return b"--B\r\n" + head.encode() + body + b"\r\n"

    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.a.kr/1\r\nSubject: =?utf-8?Q?=EC?=\r\n"
        "Date: Sat, 30 Mar 2024 01:00:01 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="B"\r\n\r\n'
    )
    return b"".join(
        [
            head.encode(),
            part("text/html", "quoted-printable", "https://www.a.kr/1", encodestring(HTML.encode())),
            part("image/png", "base64", "https://www.a.kr/x.png", encodebytes(b"\x89PNG\r\n")),
            part("text/html", "base64", "https://b.kr/2", encodebytes(HTML.encode("cp949"))),
            part("application/json", "binary", "https://www.a.kr/3", b'{"BTC": 1}'),
            f"--B{end}\r\n".encode(),
        ]
    )


def har() -> bytes:
    """As the network panel saves: text as it is or in base64, a picture, a body that was not kept."""
    from base64 import b64encode

    bodies: list[dict[str, str]] = [
        {"mimeType": "text/html; charset=euc-kr", "text": HTML},
        {"mimeType": "image/png", "text": "iVBORw0K", "encoding": "base64"},
        {
            "mimeType": "text/html; charset=euc-kr",
            "text": b64encode(HTML.encode("cp949")).decode(),
            "encoding": "base64",
        },
        {"mimeType": "application/json", "text": '{"BTC": 1}'},
        {"mimeType": "text/html"},
    ]
    entries = [
        {
            "startedDateTime": f"2024-03-30T10:00:0{n}.000+09:00",
            "request": {"url": f"https://www.a.kr/{n}"},
            "response": {"status": 200, "content": body},
        }
        for n, body in enumerate(bodies, 1)
    ]
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "x"}, "entries": entries}}, indent=1
    ).encode()


def main() -> None:
    for name, data in {**archives(), **lines(), **documents()}.items():
        (FOLDER / name).write_bytes(data)
    parquet()


def parquet() -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(
        pa.table({"body": ["x"], "id": [1]}), FOLDER / "no-text-column.parquet", compression="none"
    )
    into = io.BytesIO()
    texts = pa.table({"text": [f"page {n} {BLOCK if n % 5 == 0 else ''}" for n in range(20)]})
    options = {
        "compression": "none",
        "use_dictionary": False,
        "write_statistics": False,
        "store_schema": False,
    }
    parquet.write_table(texts, into, row_group_size=5, **options)
    data = bytearray(into.getvalue())
    place = parquet.ParquetFile(into).metadata.row_group(1).column(0).data_page_offset
    data[place : place + 20] = b"\xff" * 20
    (FOLDER / "damaged-row-group.parquet").write_bytes(data)


if __name__ == "__main__":
    main()
