"""progress.py — how far a sweep is, on stderr: one line that changes, or one every ten seconds."""
# SPDX-License-Identifier: Apache-2.0

import sys
import time

FIRST_SECONDS, TERMINAL_SECONDS, LOG_SECONDS = 2.0, 0.5, 10.0


class Progress:
    """done of total points; those of an earlier run say nothing about the speed of this one."""

    def __init__(self, total: int, already: int) -> None:
        self._total, self._done, self._already, self._failed = total, already, already, 0
        self._start = time.monotonic()
        self._next = self._start + FIRST_SECONDS
        self._terminal = sys.stderr.isatty()

    def step(self, failed: bool) -> None:
        self._done += 1
        self._failed += failed
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (TERMINAL_SECONDS if self._terminal else LOG_SECONDS)
        rate = (self._done - self._already) / (now - self._start)
        left = (self._total - self._done) / rate
        failures = f", {self._failed} failed" if self._failed else ""
        line = f"sweep: {self._done} of {self._total} points{failures}, {rate:.1f} per second, {left:.0f} s left"
        print(f"\r\x1b[K{line}" if self._terminal else line, end="" if self._terminal else "\n", file=sys.stderr)
        sys.stderr.flush()

    def end(self) -> None:
        """Clears the line."""
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
