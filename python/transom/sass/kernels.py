"""kernels.py — what a kernel's name tells: how many bytes a value has that it writes, and a name to print.

A template argument that is an integer type is the value's. WITHOUT_TYPE is the one place that knows kernels by name.
"""
# SPDX-License-Identifier: Apache-2.0

import re

TYPES = {
    "unsigned char": 1, "signed char": 1, "char": 1, "unsigned short": 2, "short": 2, "unsigned int": 4, "int": 4,
    "unsigned long": 8, "long": 8,
}  # fmt: skip
# (name, number of its template arguments): bytes of a value, for kernels whose arguments do not tell.
WITHOUT_TYPE = {("decode_kernel", 1): 2}  # value_t of model/base/spec.hpp


def value_bytes(name: str) -> int | None:
    """Bytes of a value that the kernel of this demangled name writes; None where that is not known."""
    function, arguments = _template(name)
    types = [argument for argument in arguments if argument in TYPES]
    if types:
        return TYPES[types[0]] if len(types) == 1 else None
    return WITHOUT_TYPE.get((function, len(arguments)))


def short_name(name: str) -> str:
    """A demangled name without result, namespaces and parameters."""
    function, arguments = _template(name)
    return function + (f"<{', '.join(map(_without_namespaces, arguments))}>" if arguments else "")


def _template(name: str) -> tuple[str, list[str]]:
    """A function's own name, and its template arguments."""
    name = re.sub(r"\(anonymous namespace\)::", "", name)
    arguments: list[str] = []
    depth = start = 0
    for place, letter in enumerate(name):
        if letter == "(" and depth == 0:
            name = name[:place] if not arguments else name
            break
        if (letter == "<" and depth == 0) or (letter in ",>" and depth == 1):
            if letter != "<":
                arguments.append(name[start:place].strip())
            start = place + 1
        depth += (letter == "<") - (letter == ">")
    return _without_namespaces(name.partition("<")[0].split(" ")[-1]), arguments


def _without_namespaces(name: str) -> str:
    return re.sub(r"\b\w+::", "", name).replace("> >", ">>")
