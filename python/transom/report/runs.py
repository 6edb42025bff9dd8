"""runs.py — the program `transom`, many at a time, with a bar at a terminal for what takes over two seconds."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from threading import Lock
from typing import Any

from transom.errors import BAD_DATA, USAGE, CheckError, DataError, UsageError
from transom.program import find_program

BAR_SECONDS = 2
SAID = "transom: "  # what a line of the program's stderr begins with, progress apart
Job = Callable[[], Any]


class Runner:
    """Runs the program; what is under way when an exception leaves it is ended."""

    def __init__(self, program: str | None = None) -> None:
        try:
            self._program = program or str(find_program())
        except FileNotFoundError as error:
            raise DataError(str(error)) from error
        self._running: set[subprocess.Popen[str]] = set()
        self._ended = False
        self._lock = Lock()  # of both: no program starts once all were ended
        self.notes: dict[str, None] = {}  # what the program said though all went well, once each

    def run(self, *words: str) -> str:
        """Its stdout. Raises UsageError, DataError or CheckError with the line that it said."""
        with self._lock:
            if self._ended:
                raise CheckError(f"transom {words[0]} was not started")
            process = subprocess.Popen(
                [self._program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                errors="backslashreplace",
            )  # fmt: skip
            self._running.add(process)
        try:
            printed, said = process.communicate()
        finally:
            with self._lock:
                self._running.discard(process)
        lines = [line.removeprefix(SAID) for line in said.splitlines() if line.startswith(SAID)]
        if process.returncode == 0:
            self.notes |= dict.fromkeys(lines)
            return printed
        line = lines[-1] if lines else f"transom {words[0]} exits {process.returncode}"
        raise {USAGE: UsageError, BAD_DATA: DataError}.get(process.returncode, CheckError)(line)

    def json(self, *words: str) -> Any:
        """What it prints with --json."""
        return json.loads(self.run(*words, "--json"))

    def all(self, what: str, jobs: Sequence[Job]) -> list[Any]:
        """The results of the jobs, on all cores, in their order."""
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            try:
                futures = [pool.submit(job) for job in jobs]
                _watch(what, futures)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._end()
                raise
        return [future.result() for future in futures]

    def _end(self) -> None:
        with self._lock:
            self._ended = True
            for process in self._running:
                process.kill()


def _watch(what: str, futures: Sequence[Future[Any]]) -> None:
    """Until all are done, or one failed: raises its error."""
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415  an extra: no bar without it
    except ModuleNotFoundError:
        for future in as_completed(futures):
            future.result()
        return
    with tqdm(total=len(futures), desc=what, unit="run", delay=BAR_SECONDS, leave=False, disable=None) as bar:
        for future in as_completed(futures):
            future.result()
            bar.update()
