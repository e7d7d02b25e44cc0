"""Workers on a Dask cluster; only user of distributed, an optional library."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from typing import Any

from letters.errors import BuildError

_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^/\s:]+:[0-9]{1,5}")
_LOOK_EVERY, _WITHOUT_WORKERS = 5.0, 30.0  #: seconds


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the cluster with this scheduler (tcp://host:8786), and its number of threads.

    The workers need this package, and no checkout: letters and stationery reach them by value.
    Raises BuildError without the library, an answer or workers, and when the cluster is lost.
    """
    if not _ADDRESS.fullmatch(address):
        raise BuildError(f'"{address}" is no address of a scheduler: tcp://host:8786 is one')
    try:
        from distributed import Client
    except ImportError as error:
        raise BuildError(
            '--scheduler needs the library "distributed": install letter-engine[cluster]'
        ) from error
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)  # it logs with tracebacks what we tell in a sentence
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise BuildError(f"the scheduler {address} does not answer: {error}") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise BuildError(f"the scheduler {address} has no workers")
        done = threading.Event()
        watching = threading.Thread(
            target=_give_up_without_workers, args=(client, done), daemon=True
        )
        watching.start()
        try:
            yield client.get_executor(pure=False), threads
        finally:
            done.set()


def _give_up_without_workers(client: Any, done: threading.Event) -> None:
    """Cancel all when the cluster has had no workers for a while: it would wait for ever."""
    missing = 0
    while not done.wait(_LOOK_EVERY):
        with suppress(Exception):  # of a scheduler that is lost: its futures tell
            missing = 0 if client.nthreads() else missing + 1
            if missing * _LOOK_EVERY >= _WITHOUT_WORKERS:
                client.close(timeout=1)
                return
