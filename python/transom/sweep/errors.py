"""errors.py — whose fault it is, and the exit code that says so: as the C++ verbs have it."""
# SPDX-License-Identifier: Apache-2.0

FINE, FAILED_POINTS, USAGE, BAD_DATA = 0, 1, 2, 3


class SweepError(Exception):
    """Ends the sweep with one line on stderr."""

    exit_code = USAGE


class UsageError(SweepError):
    """What was asked for cannot be."""


class DataError(SweepError):
    """A file is missing, cut, forged or not what it claims."""

    exit_code = BAD_DATA
