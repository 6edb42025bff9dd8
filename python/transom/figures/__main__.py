"""The command line: ./dev figures [--check] [--slow] [--timed] [PAGE...]."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import difflib
import sys
from pathlib import Path

from transom import files
from transom.program import ROOT

from .pages import Figure, FigureError, figures, rewritten, run

PAGES = (ROOT / "README.md", ROOT / "docs/figures.md")
FINE, DIFFERENT = 0, 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev figures",
        description="Runs the commands behind the figures of README.md and docs/figures.md and writes what they print.",
        epilog="Exit code: 0 fine, 1 a figure differs or its command fails, 2 usage, 3 a page is not there. "
        "Example: ./dev figures --check",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; say which figures are not what is printed")
    parser.add_argument("--slow", action="store_true", help="also those that take minutes")
    parser.add_argument("--timed", action="store_true", help="also measurements, which are never checked")
    parser.add_argument("page", nargs="*", type=Path, help="pages to look at (default: README.md docs/figures.md)")
    return parser.parse_args()


def wanted(kind: str, options: argparse.Namespace) -> bool:
    if kind == "slow":
        return bool(options.slow)
    return kind == "" or bool(options.timed and not options.check)


def check(figure: Figure) -> bool:
    """Whether the page has what the command prints; the difference goes to stdout."""
    printed = run(figure.command, ROOT)
    if printed == figure.output:
        return True
    print(f"{figure.page.name}: {figure.command}")
    sys.stdout.writelines(
        difflib.unified_diff(figure.output.splitlines(True), printed.splitlines(True), "page", "printed")
    )
    return False


def main() -> int:
    options = arguments()
    pages = options.page or PAGES
    try:
        if options.check:
            chosen = [f for page in pages for f in figures(page) if wanted(f.kind, options)]
            wrong = sum(not check(figure) for figure in chosen)
            print(f"{len(chosen)} figures checked, {wrong} differ")
            return DIFFERENT if wrong else FINE
        for page in pages:
            done = 0

            def output_of(kind: str, command: str) -> str | None:
                nonlocal done
                if not wanted(kind, options):
                    return None
                print(command, file=sys.stderr)
                done += 1
                return run(command, ROOT)

            text = files.read_text(page, "name a page")
            files.write_whole(page, rewritten(text, output_of))
            print(f"{page}: {done} figures written")
    except FigureError as error:
        print(f"./dev figures: {error}", file=sys.stderr)
        return DIFFERENT
    return FINE


if __name__ == "__main__":
    sys.exit(files.run("./dev figures", main))
