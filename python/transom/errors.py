"""errors.py — whose fault it is, and the exit code that says so: as the C++ verbs have it."""
# SPDX-License-Identifier: Apache-2.0

FINE, FAILED, USAGE, BAD_DATA = 0, 1, 2, 3


class ToolError(Exception):
    """Ends a tool with one line on stderr."""

    exit_code = USAGE


class UsageError(ToolError):
    """What was asked for cannot be."""


class DataError(ToolError):
    """A file is missing, cut, forged or not what it claims."""

    exit_code = BAD_DATA


class CheckError(ToolError):
    """What was computed is not what it should be."""

    exit_code = FAILED
