"""The command `letters build` on a Dask cluster of this machine: a scheduler, and workers of one thread.

    python -m benchmarks.on_a_cluster WORKERS build specimen ...

prints the seconds of the command from its start to its end, the cluster being there already, as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time


def main() -> None:
    """Start the cluster, run the command, print its seconds."""
    try:
        from distributed import LocalCluster
    except ImportError:
        print(json.dumps({"skipped": "there is no Dask"}))
        return
    workers, *arguments = sys.argv[1:]
    with LocalCluster(
        n_workers=int(workers), threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        start = time.perf_counter()
        command = (sys.executable, "-m", "letters", *arguments)
        subprocess.run((*command, "--scheduler", cluster.scheduler_address), check=True)
        print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
