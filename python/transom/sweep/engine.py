"""engine.py — points on a Dask cluster: in this process, or a running one.

A container is coded once, as a task of its own, for all points that differ only in what is around the
unit; Dask ships it, makes it again if the worker that held it is killed, and gives a killed worker's
points to another. Threads suffice on this machine: a task only waits for a `transom` process.
"""
# SPDX-License-Identifier: Apache-2.0

import itertools
import logging
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import cloudpickle
import dask
import psutil
from distributed import Client, Future, LocalCluster, as_completed

from transom.errors import UsageError

from . import work
from .grid import SIM_AXES, Point
from .trace import PackedTrace

# Deaths of workers at one point until it counts as failed; a running cluster has its own setting.
ALLOWED_FAILURES = 10
CONNECT_SECONDS = 10
LOCAL = "127.0.0.1:0"
# Points in flight at a time: enough for a large cluster, bounded in memory.
WINDOW = 2_000


def _abandon(folder: Path) -> None:
    """Ends the processes of this machine's tasks and removes what they left; what a task tries then fails."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while folder.exists() or psutil.Process().children():
        shutil.rmtree(folder, ignore_errors=True)
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(psutil.Process().children(), timeout=0.1)


def _running(scheduler: str) -> Client:
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--scheduler {scheduler}: {error}; start one with: dask scheduler") from error
    if not client.scheduler_info()["workers"]:
        print(f"sweep: no worker at {scheduler} yet; start one with: dask worker {scheduler}", file=sys.stderr)
    return client


def _local(stack: ExitStack, n_workers: int, folder: Path) -> Client:
    """Of a cluster that, as its tasks, has its files in `folder`."""
    settings = {
        "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
        "distributed.admin.tick.limit": "1h",
        # Dask serves HTTP whatever it is told: let it be on this machine only (LOCAL), and without a page.
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    stack.enter_context(dask.config.set(settings))
    tempfile.tempdir = str(folder)
    stack.callback(setattr, tempfile, "tempdir", None)
    cluster = LocalCluster(
        n_workers=1, threads_per_worker=n_workers, processes=False, memory_limit=0,
        dashboard_address=LOCAL, worker_dashboard_address=LOCAL, local_directory=str(folder),
    )  # fmt: skip
    return Client(stack.enter_context(cluster), set_as_default=False)


@contextmanager
def connect(scheduler: str | None, n_workers: int) -> Iterator[Client]:
    """A client of the cluster at `scheduler`, or of n_workers threads here. Raises UsageError.

    After KeyboardInterrupt nothing of this machine's is at work, but threads of this process may wait.
    """
    cloudpickle.register_pickle_by_value(work)
    for name in ("distributed", "distributed.worker", "distributed.scheduler", "distributed.core", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="transom-sweep-") as name, ExitStack() as stack:
        folder = Path(name)
        try:
            client = _running(scheduler) if scheduler is not None else _local(stack, n_workers, folder)
            yield stack.enter_context(client)
        except KeyboardInterrupt:
            _abandon(folder)
            stack.pop_all()  # is not closed: that would wait for tasks
            raise


def _coded(point: Point) -> tuple[str, ...]:
    """Equal for points that share a container."""
    return tuple(getattr(point, axis) for axis in point.encode_axes)


class Runner:
    """Submits points and yields them as they end."""

    def __init__(self, client: Client, trace: PackedTrace, program: work.Program) -> None:
        self._client = client
        self._program = program
        self._name = trace.name
        self._salt = f"{trace.sha256}-{program[1]}"
        self._trace = self._submit("trace", work.same, trace.files)
        self._containers: dict[tuple[str, ...], Future] = {}
        self._points: dict[str, Point] = {}

    def _submit(self, what: str, function: object, *arguments: object) -> Future:
        """A task of a group of its own, which is what Dask takes a key's part up to the first dash for.

        Tasks of large groups may be held back at the scheduler until a worker has a free slot. When a worker
        is lost, that can be a container which the survivors' slots wait for: Dask 2022.12 then hangs.
        """
        task: Future = self._client.submit(function, *arguments, key=f"{what.replace('-', '_')}-{self._salt}")
        return task

    def _container(self, point: Point) -> Future:
        coded = _coded(point)
        if coded not in self._containers:
            key, options = "encode-" + "-".join(coded), point.options(point.encode_axes)
            self._containers[coded] = self._submit(key, work.encode, self._trace, self._name, options, self._program)
        return self._containers[coded]

    def _start(self, point: Point) -> Future:
        key = "sim-" + "-".join(point.columns().values())
        future = self._submit(key, work.simulate, self._container(point), point.options(SIM_AXES), self._program)
        self._points[future.key] = point
        return future

    def run(self, points: Sequence[Point]) -> Iterator[tuple[Point, str, str]]:
        """(point, what `transom sim --json` printed, "") or (point, "", what went wrong), as they end."""
        waiting = iter(points)
        wanted = Counter(map(_coded, points))  # a container is forgotten after its last point
        started = [self._start(point) for point in itertools.islice(waiting, WINDOW)]
        ended = as_completed(started, loop=self._client.loop)
        for future in ended:
            point = self._points.pop(future.key)
            try:
                printed, error = future.result()
            except Exception as failure:  # of the cluster: too many workers died at this point, ...
                printed, error = "", f"{type(failure).__name__}: {' '.join(str(failure).split())}"
            future.release()
            wanted[_coded(point)] -= 1
            if wanted[_coded(point)] == 0:
                self._containers.pop(_coded(point)).release()
            yield point, printed, error
            for following in itertools.islice(waiting, 1):
                ended.add(self._start(following))
