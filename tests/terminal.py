"""Commands as they are typed: each on a terminal of its own, with what the terminal then shows.

A `tracker` command runs in a process forked from one that has loaded the program: the command's own `main` on a real
terminal, without the time that Python takes to start. Anything else goes to a shell.
"""

from __future__ import annotations

import atexit
import json
import os
import pty
import re
import shlex
import socket
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

WIDTH = 100
_SHELL = re.compile(r"[|><&;*?$`]")
_LOADED = (  # what most commands load
    "tracker.cli.exporting", "tracker.cli.ingesting", "tracker.cli.querying", "tracker.cli.grid", "tracker.ingest.work",
    "tracker.layouts.layout", "tracker.finder.find", "tracker.store", "tracker.charts.history", "duckdb", "pyarrow",
    "rich.table",
)  # fmt: skip
_SEEDS = Path(__file__).parents[1] / "seeds"
_AT_ONCE = 1 << 16  # bytes of a command and its environment


def shown(command: str, folder: Path) -> list[str]:
    """The lines a command shows on a terminal of WIDTH columns, without colours; progress is overwritten."""
    ours, theirs = pty.openpty()
    call = None
    known = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    known["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{known['PATH']}"
    known |= {"COLUMNS": str(WIDTH), "TERM": "xterm", "NO_COLOR": "1", "XDG_CONFIG_HOME": str(folder)}
    if command.startswith("tracker ") and not _SHELL.search(command):
        told = json.dumps([shlex.split(command)[1:], str(folder), known]).encode()
        socket.send_fds(_ready(), [told], [theirs])
    else:
        call = subprocess.Popen(command, shell=True, cwd=folder, env=known, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    if call:
        call.wait()
    plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", text.decode("utf-8")).replace("\r\n", "\n").removesuffix("\n")
    return [line.rpartition("\r")[2].rstrip() for line in plain.split("\n")]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side has closed: the command has ended
        return b""


@cache
def _ready() -> socket.socket:
    """The way to a process that has loaded the program; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with theirs:
        call = [sys.executable, __file__, str(theirs.fileno())]
        process = subprocess.Popen(call, pass_fds=[theirs.fileno()], env=known, stdin=subprocess.DEVNULL)
    atexit.register(lambda: (ours.close(), process.wait()))
    return ours


def _serve(line: socket.socket) -> None:
    """Do what comes along the line, one command after the other."""
    for name in _LOADED:
        import_module(name)
    for page in import_module("tracker.pages").pages(_SEEDS):
        import_module("tracker.finder").find(page)  # its patterns and tables are then made
    while True:
        told, terminals, *_ = socket.recv_fds(line, _AT_ONCE, 1)
        if not told:
            return
        if not os.fork():
            _type(*json.loads(told), terminals[0])
        os.close(terminals[0])
        os.wait()


def _type(words: list[str], folder: str, known: dict[str, str], terminal: int) -> None:
    """The command, as a shell would have started it; ends the process."""
    os.dup2(terminal, 1)
    os.dup2(terminal, 2)
    os.close(terminal)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(known)
    sys.argv = ["tracker", *words]
    sys.stdout, sys.stderr = (os.fdopen(n, "w", 1, encoding="utf-8", closefd=False) for n in (1, 2))
    from tracker.cli import main

    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as way:
        _serve(way)
