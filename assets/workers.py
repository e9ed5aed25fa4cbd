"""Work on many records, shared between processes; on few, done where it is asked for.

Belongs here: when it pays to start other processes, how much is handed to them at a time, and the garbage collector,
which would look through each record again and again. Does not belong here: the work (`assets.publication_work`).
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from assets.progress import say
from warehouse.connection import use_threads
from warehouse.statements import batched

Piece = TypeVar("Piece")
Done = TypeVar("Done")

MANY = 1_000  # records from which on other processes are started; that costs about two seconds
AT_ONCE = 500  # records worked on together
AHEAD = 1  # pieces a process that wait for it, beside the one it has: what is done waits in memory to be saved
PROCESSES = 2


def worked(
    stage: str, record_ids: Sequence[str], work: Callable[[Sequence[str]], Done], *, saved_together: int = 1
) -> Iterator[tuple[list[str], list[Done]]]:
    """The ids in their order, some at a time, with what `work` made of each piece of them; says how many are made.

    `saved_together`: so many pieces are handed on at a time.
    """
    pieces = list(batched(record_ids, AT_ONCE))
    made = zip(pieces, shared(pieces, work, many=len(record_ids) >= MANY), strict=True)
    for some in together(_said(stage, made, len(record_ids)), saved_together):
        yield [one for piece, _ in some for one in piece], [done for _, done in some]


def _said(stage: str, made: Iterable[tuple[Sequence[str], Done]], total: int) -> Iterator[tuple[Sequence[str], Done]]:
    done = 0
    say(stage, done, total)
    for piece, one in made:
        done += len(piece)
        say(stage, done, total)
        yield piece, one


def shared(pieces: Iterable[Piece], work: Callable[[Piece], Done], *, many: bool) -> Iterator[Done]:
    """What `work` makes of each piece, in their order; by other processes where there is much to do.

    `work`, the pieces and what comes of them are to be picklable. It may write files; it saves nothing, as one process
    alone may write to the warehouse.
    """
    processes = min(PROCESSES, os.cpu_count() or 1)
    if not many or processes < 2:
        for piece in pieces:
            yield _without_collector(work, piece)
        return
    # Spawned and not forked: this process has threads, of DuckDB and of Dagster.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_as_a_worker) as pool:
        waiting: deque[Future[Done]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(_without_collector, work, piece))
                if len(waiting) >= processes * (1 + AHEAD):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def together(results: Iterable[Done], count: int) -> Iterator[list[Done]]:
    """The results in lists of so many, the last one shorter: to save a list takes little longer than to save one.

    Where a result fails to come, those before it are handed on first.
    """
    held: list[Done] = []
    try:
        for one in results:
            held.append(one)
            if len(held) == count:
                yield held
                held = []
    except Exception:
        if held:
            yield held
        raise
    if held:
        yield held


def _as_a_worker() -> None:
    """Another process prints nothing: what goes wrong is raised in the one that asked. It has one core."""
    logging.disable(logging.CRITICAL)
    use_threads(1)


def _without_collector(work: Callable[[Piece], Done], piece: Piece) -> Done:
    with _collector_at_rest():
        return work(piece)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if before:
            gc.enable()
