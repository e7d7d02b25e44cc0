"""Workers on a Dask cluster instead of this machine's; only user of distributed, an optional library."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager

from letters.errors import BuildError


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the cluster whose scheduler has the address (tcp://host:8786), and how many threads it has.

    The workers need this package, and no checkout: letters and stationery reach them by value. Raises BuildError when
    the library is not installed, the scheduler does not answer or has no workers, and when the cluster is lost later.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise BuildError('--scheduler needs the library "distributed": install letter-engine[cluster]') from error
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
        try:
            yield client.get_executor(pure=False), threads
        except (CancelledError, KilledWorker) as error:
            raise BuildError(
                f"the cluster of {address} was lost, or its workers were; what is done is kept: build again to carry on"
            ) from error
