"""liberty_function.py — the boolean expressions of liberty files: read, evaluated, written as Verilog.

Operators from the tightest: ! before and ' behind an operand, ^, * & or only a space, + |.
Source: Liberty User Guide, vol. 1 (Synopsys), "function" attribute of a pin.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping
from dataclasses import dataclass

TOKEN = re.compile(r"\s*([A-Za-z_]\w*(?:\[\d+\])?|[01!'^*&+|()])")
MAX_TOKENS = 400  # of one expression: the parser's depth, too, is below this


@dataclass(frozen=True)
class Expression:
    """A node: `operator` is one of "name", "0", "1", "!", "^", "&", "|"; a name has `name`, others operands."""

    operator: str
    operands: tuple["Expression", ...] = ()
    name: str = ""

    def value(self, inputs: Mapping[str, bool]) -> bool:
        """The expression's value. Raises KeyError for a name that is not in `inputs`."""
        if self.operator == "name":
            return inputs[self.name]
        values = [operand.value(inputs) for operand in self.operands]
        match self.operator:
            case "!":
                return not values[0]
            case "^":
                return values[0] != values[1]
            case "&":
                return all(values)
            case "|":
                return any(values)
            case _:
                return self.operator == "1"

    def verilog(self) -> str:
        """The expression in Verilog, with all parentheses."""
        if self.operator == "name":
            return self.name
        if self.operator in "01":
            return f"1'b{self.operator}"
        if self.operator == "!":
            return f"~{self.operands[0].verilog()}"
        return "(" + f" {self.operator} ".join(operand.verilog() for operand in self.operands) + ")"

    def names(self) -> frozenset[str]:
        """The pins that the expression reads."""
        if self.operator == "name":
            return frozenset((self.name,))
        return frozenset().union(*(operand.names() for operand in self.operands))


def read_function(text: str) -> Expression:
    """Reads an expression. Raises ValueError naming the text."""
    tokens = _tokens(text)
    place = 0

    def peek() -> str:
        return tokens[place] if place < len(tokens) else ""

    def take() -> str:
        nonlocal place
        place += 1
        return tokens[place - 1]

    def operand() -> Expression:
        token = take() if peek() else ""
        if token == "!":
            return Expression("!", (operand(),))
        if token == "(":
            found = sum_of_products()
            if not peek() or take() != ")":
                raise ValueError(f"function {text!r}: a ')' is missing")
        elif token in ("0", "1"):
            found = Expression(token)
        elif re.fullmatch(r"\w+(\[\d+\])?", token):
            found = Expression("name", name=token)
        else:
            raise ValueError(f"function {text!r}: wants an operand, has {token or 'its end'!r}")
        while peek() == "'":
            take()
            found = Expression("!", (found,))
        return found

    def exclusive() -> Expression:
        found = operand()
        while peek() == "^":
            take()
            found = Expression("^", (found, operand()))
        return found

    def product() -> Expression:
        found = exclusive()
        while peek() and peek() not in "+|)":
            if peek() in "*&":
                take()
            found = Expression("&", (found, exclusive()))
        return found

    def sum_of_products() -> Expression:
        found = product()
        while peek() in ("+", "|"):
            take()
            found = Expression("|", (found, product()))
        return found

    found = sum_of_products()
    if peek():
        raise ValueError(f"function {text!r}: does not end at {peek()!r}")
    return found


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = TOKEN.match(text, place)
        if match is None or len(tokens) == MAX_TOKENS:
            raise ValueError(f"function {text[:80]!r}: not an expression of at most {MAX_TOKENS} names and operators")
        tokens.append(match[1])
        place = match.end()
    return tokens
