"""The same build on a Dask cluster: a real scheduler and two worker processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.doing import wait_for


@dataclass(frozen=True)
class Scheduler:
    address: str
    process: subprocess.Popen[bytes]


@pytest.fixture
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheduler]:
    """A scheduler with two workers, which run in a folder without the project's files."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    here = ["--scheduler-file", str(file), "--host", "127.0.0.1"]
    commands = [
        ["distributed.cli.dask_scheduler", *here, "--port", "0", "--no-dashboard"],
        *(
            [
                [
                    "distributed.cli.dask_worker",
                    *here,
                    "--nthreads",
                    "2",
                    "--no-nanny",
                    "--no-dashboard",
                ]
            ]
            * 2
        ),
    ]
    with ExitStack() as stack:
        processes = []
        for command in commands:
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=folder,
                    env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder)},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            stack.callback(process.terminate)
            processes.append(process)
        yield Scheduler(_address(file), processes[0])


def _address(file: Path) -> str:
    """What the scheduler writes about itself, once both workers are there."""
    wait_for(lambda: file.exists() and file.read_text())
    address = str(json.loads(file.read_text())["address"])
    program = f"from distributed import Client\nwith Client({address!r}) as client: client.wait_for_workers(2, 60)"
    subprocess.run([sys.executable, "-c", program], check=True)
    return address


def build(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "letters", "build", "2024", "--root", str(root), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT)


def files(root: Path) -> dict[str, bytes]:
    paths = [path for path in sorted((root / "build").rglob("*")) if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.slow
def test_a_cluster_makes_the_same_bytes_as_this_machine(
    small_year: Path, scheduler: Scheduler
) -> None:
    on_cluster = build(small_year, "--scheduler", scheduler.address)
    assert (on_cluster.returncode, on_cluster.stderr) == (0, "")
    made = files(small_year)
    assert len([name for name in made if name.endswith(".pdf")]) == 3
    here = build(small_year, "--force", "--jobs", "1")
    assert here.returncode == 0
    assert files(small_year) == made


@pytest.mark.slow
def test_a_cluster_lost_while_it_works_ends_the_build_with_a_sentence(
    tmp_path: Path, scheduler: Scheduler
) -> None:
    for folder in ("data", "templates"):
        (tmp_path / folder).symlink_to(PROJECT / folder)
    command = [sys.executable, "-m", "letters", "build", "specimen", "--root", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--scheduler", scheduler.address], stderr=subprocess.PIPE, text=True, cwd=PROJECT
    ) as process:
        wait_for(lambda: any(tmp_path.glob("build/specimen/letters/*.pdf")), 120)
        scheduler.process.kill()
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "error: the workers failed" in errors
    assert "Traceback" not in errors


def test_an_address_that_is_none_is_told_in_a_sentence(small_year: Path) -> None:
    done = build(small_year, "--scheduler", "nonsense")
    assert (done.returncode, done.stderr) == (
        1,
        'error: "nonsense" is no address of a scheduler: tcp://host:8786 is one\n',
    )


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(small_year: Path) -> None:
    done = build(small_year, "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "error: the scheduler tcp://127.0.0.1:9 does not answer"
    )
    assert "Traceback" not in done.stderr
