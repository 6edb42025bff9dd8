"""liberty_text.py — the text of a liberty file as nested groups, without their meaning.

    name (arguments) { ... }     a group
    name (arguments) ;           an attribute; so is  name : value ;

One regular expression matches one statement, a whole table of numbers among them: some ten million
characters a second. Nesting is kept on a list, so depth costs no stack. Order of the statements of a
group is kept within a name only.
Source: Liberty User Guide, vol. 1 (Synopsys), chapter 1, "General Syntax".
"""
# SPDX-License-Identifier: Apache-2.0

import re
from dataclasses import dataclass, field
from pathlib import Path

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STATEMENT = re.compile(
    r"""\s*(?:
      (?P<call>\w+) \s* \( (?P<arguments> (?: "[^"]*" | [^"()] )* ) \) \s* (?P<end> [{;]? )
    | (?P<name>\w+) \s* : \s* (?P<value> "[^"]*" | [^;"{}\n]* ) \s* ;?
    | (?P<close>\}) \s* ;?
    | ;
    )""",
    re.VERBOSE,
)


class LibertyError(ValueError):
    """A liberty file that cannot be read; the text names the file and the line or the field."""


@dataclass
class Group:
    """A group: kind(arguments), with attributes (name -> each occurrence's text) and inner groups."""

    kind: str
    arguments: tuple[str, ...]
    attributes: dict[str, list[str]] = field(default_factory=dict)
    groups: list["Group"] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """The first value of attribute `name`, unquoted; `default` where there is none."""
        return self.attributes.get(name, [default])[0]

    def of(self, *kinds: str) -> list["Group"]:
        """Inner groups of these kinds, in order."""
        return [group for group in self.groups if group.kind in kinds]


def read_groups(path: Path) -> Group:
    """Reads the file's one library group. Raises LibertyError; OSError where it cannot be read."""
    text = path.read_text(encoding="latin-1").replace("\\\n", " \n")  # read_text has made \r\n one \n
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    root = Group("", ())
    open_groups = [root]
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = STATEMENT.match(text, place)
        if match is None:
            raise LibertyError(f"{path}:{_line(text, place)}: not a liberty statement: {_excerpt(text, place)}")
        if match["close"]:
            if len(open_groups) == 1:
                raise LibertyError(f"{path}:{_line(text, place)}: a '}}' closes nothing")
            open_groups.pop()
        elif match["name"]:
            open_groups[-1].attributes.setdefault(match["name"], []).append(_unquoted(match["value"]))
        elif match["end"] == "{":
            group = Group(match["call"], _arguments(match["arguments"]))
            open_groups[-1].groups.append(group)
            open_groups.append(group)
        elif match["call"]:
            open_groups[-1].attributes.setdefault(match["call"], []).append(match["arguments"])
        place = match.end()
    if len(open_groups) != 1:
        raise LibertyError(f"{path}: the file ends inside {open_groups[-1].kind}{open_groups[-1].arguments}")
    if [group.kind for group in root.groups] != ["library"]:
        raise LibertyError(f"{path}: wants one library group, has {[group.kind for group in root.groups] or 'none'}")
    return root.groups[0]


def _unquoted(text: str) -> str:
    return text.strip().strip('"').strip()


def _arguments(text: str) -> tuple[str, ...]:
    return tuple(_unquoted(part) for part in text.split(",")) if text.strip() else ()


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1 + (len(text[place:]) > 0 and text[place] == "\n")


def _excerpt(text: str, place: int) -> str:
    return repr(text[place : place + 80].strip().split("\n")[0][:40])
