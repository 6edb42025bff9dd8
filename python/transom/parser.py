"""parser.py — the command line of a tool."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import sys
from typing import Any, NoReturn

from transom.errors import UsageError
from transom.files import put


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as the other verbs do, and notices when help cannot be printed."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError, with where help is."""
        raise UsageError(f"{message}; see `{self.prog} --help`")

    def print_help(self, file: Any = None) -> NoReturn:  # noqa: ARG002  argparse asks for it with none
        """Ends the program."""
        sys.exit(put(self.format_help()))
