"""Many workers, one order: pieces are read side by side and reported one after the other, as if read in turn."""

from __future__ import annotations

import signal
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from ..blocks import Orders
from ..errors import SourceError
from ..pages import Source
from .work import Piece, Report, reports

# Small files go to a worker together: a message costs as much as a page.
_TASK_PIECES, _TASK_BYTES = 64, 4 << 20
_AHEAD = 20_000  # pages with a block that may wait for their turn; from then on only the piece whose turn it is goes on

Tick = Callable[[int, int], object]


def side_by_side(
    pieces: Iterator[Piece], orders: Orders, jobs: int, on_tick: Tick
) -> Generator[tuple[Piece, Report]]:
    """Read the pieces in `jobs` processes. What is reported, and in which order, is what reading them in turn gives.

    on_tick is told the bytes and pages read so far of all pieces under way. A worker that dies costs the piece it was
    reading, not the run; what goes wrong in a worker otherwise is raised here.
    """
    pool = _Pool(orders, jobs, on_tick)
    try:
        yield from pool.run(_tasks(pieces))
    finally:
        pool.close()


class _Task:
    """Some pieces for one worker, and what it has reported on them. `worker` is None before it is given to one."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.inbox: deque[Report] = deque()
        self.worker: _Worker | None = None
        self.finished = 0  # pieces whose last report is in
        self.reported = 0  # pieces whose last report was given on
        self.read = (0, 0)  # bytes and pages of the piece under way

    @property
    def here(self) -> bool:
        """It must be read in this process: standard input cannot be handed on."""
        return not self.pieces[0].source.is_file and self.pieces[0].mark is None

    def given(self) -> Iterator[tuple[Piece, Report]]:
        """The reports that are in, in order."""
        while self.inbox:
            report = self.inbox.popleft()
            piece = self.pieces[self.reported]
            self.reported += report.last
            yield piece, report


def _tasks(pieces: Iterator[Piece]) -> Iterator[_Task]:
    """Small pieces together, large ones and what is no file alone."""
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        alone = piece.source.size >= _TASK_BYTES or not piece.source.is_file
        if batch and (alone or len(batch) == _TASK_PIECES or size >= _TASK_BYTES):
            yield _Task(batch)
            batch, size = [], 0
        batch.append(piece)
        size += _TASK_BYTES if alone else piece.source.size
    if batch:
        yield _Task(batch)


class _Pool:
    """The workers, and the tasks they are at, in order."""

    def __init__(self, orders: Orders, jobs: int, on_tick: Tick) -> None:
        self.orders, self.jobs, self.on_tick = orders, jobs, on_tick
        self.workers: list[_Worker] = []
        self.tasks: deque[_Task] = deque()

    def run(self, tasks: Iterator[_Task]) -> Iterator[tuple[Piece, Report]]:
        """The reports on all tasks, in order."""
        while self._assign(tasks):
            head = self.tasks[0]
            if head.here:
                for piece in head.pieces:
                    yield from (
                        (piece, report) for report in reports(piece.source, self.orders, self.on_tick)
                    )
                self.tasks.popleft()
                continue
            yield from head.given()
            if head.reported == len(head.pieces):
                self.tasks.popleft()
            else:
                self._listen()

    def _assign(self, tasks: Iterator[_Task]) -> bool:
        """Give every idle worker something to do; False when all is done."""
        busy = {id(task.worker) for task in self.tasks if task.finished < len(task.pieces)}
        free = [worker for worker in self.workers if id(worker) not in busy]
        while len(busy) < self.jobs and self._waiting() < _AHEAD and (task := next(tasks, None)):
            self.tasks.append(task)
            if not task.here:
                worker = free.pop() if free else self._worker()
                task.worker = worker
                busy.add(id(worker))
                worker.send([piece.source for piece in task.pieces])
        return bool(self.tasks)

    def _worker(self) -> _Worker:
        self.workers.append(_Worker(self.orders))
        return self.workers[-1]

    def _waiting(self) -> int:
        return sum(len(report.items) for task in self.tasks for report in task.inbox)

    def _listen(self) -> None:
        """Take what the workers say; while too much waits for its turn, only what the one says whose turn it is."""
        at_work = [task for task in self.tasks if task.worker and task.finished < len(task.pieces)]
        heard = at_work[:1] if self._waiting() >= _AHEAD else at_work
        by_connection = {task.worker.connection: task for task in heard if task.worker}
        for connection in wait(list(by_connection)):
            self._hear(by_connection[connection])  # type: ignore[index]
        self.on_tick(sum(task.read[0] for task in at_work), sum(task.read[1] for task in at_work))

    def _hear(self, task: _Task) -> None:
        assert task.worker is not None
        try:
            said = task.worker.connection.recv()
        except (EOFError, OSError):
            self._bury(task)
            return
        if isinstance(said, Report):
            task.inbox.append(said)
            task.finished += said.last
            task.read = (0, 0) if said.last else task.read
        elif isinstance(said, BaseException):
            raise said
        else:
            task.read = said

    def _bury(self, task: _Task) -> None:
        """A worker died: its piece could not be read; another one goes on with the rest of its task."""
        worker = task.worker
        assert worker is not None
        self.workers.remove(worker)
        reason = f"the process that read it was ended ({worker.end()})"
        name = task.pieces[task.finished].source.name
        error = SourceError(name, reason, "too little memory? try fewer --jobs")
        task.inbox.append(Report(error=error, last=True))
        task.finished += 1
        if task.finished < len(task.pieces):
            task.worker = self._worker()
            task.worker.send([piece.source for piece in task.pieces[task.finished :]])

    def close(self) -> None:
        """End the workers, whatever they are at."""
        for worker in self.workers:
            worker.end()


class _Worker:
    """A process that reads, and the line to it."""

    def __init__(self, orders: Orders) -> None:
        context = get_context("spawn")
        self.connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, orders), daemon=True)
        self._process.start()
        other.close()

    def send(self, sources: list[Source]) -> None:
        """Sources to read. A worker that is gone is noticed when it is listened to."""
        try:
            self.connection.send(sources)
        except OSError:
            return

    def end(self) -> str:
        """End it; how it ended, for people."""
        self.connection.close()
        self._process.terminate()
        self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        return f"signal {-code}" if code < 0 else f"exit status {code}"


def _serve(connection: Connection[Any, Any], orders: Orders) -> None:
    """The life of a worker: lists of sources in; reports, and bytes and pages so far, out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent ends this one
    try:
        while True:
            for source in connection.recv():
                for report in reports(source, orders, lambda done, pages: connection.send((done, pages))):
                    connection.send(report)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone, or done
    except Exception as error:
        error.add_note("in a worker:\n" + "".join(traceback.format_exception(error)))
        connection.send(error)
