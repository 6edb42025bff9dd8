"""registry.py — which test has properties of what, and all that wants some: the package's public names."""
# SPDX-License-Identifier: Apache-2.0

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from program import SOURCE

import transom

Test = TypeVar("Test", bound=Callable[..., Any])
MODULES = (
    "transom.golden",
    "transom.verify",
    "transom.stack",
    "transom.torch",
    "transom.tans_py",
    "transom.record.quantisers",
)
#: What stubs and bases call it -> who has it in public.
PUBLIC = {"transom._core.Cosim": "transom.verify.Cosim", "transom._core.Difference": "transom.verify.Difference"}


def of(*names: str) -> Callable[[Test], Test]:
    """Marks a hypothesis test: it has properties of these names."""

    def mark(test: Test) -> Test:
        test.properties_of = names  # type: ignore[attr-defined]
        return test

    return mark


def public_name(name: str) -> str:
    """The name that users have for one of transom._core."""
    head, _, rest = name.removeprefix("transom._core.").partition(".")
    if head in transom.__all__:
        return f"transom.{head}" + (f".{rest}" if rest else "")
    for private, public in PUBLIC.items():
        if name == private or name.startswith(private + "."):
            return public + name.removeprefix(private)
    return name


def names_of_stub() -> Iterator[str]:
    """Functions, classes and their methods of _core.pyi."""
    for thing in ast.parse((SOURCE / "python/transom/_core.pyi").read_text()).body:
        if isinstance(thing, (ast.FunctionDef, ast.ClassDef)):
            yield f"transom._core.{thing.name}"
        if isinstance(thing, ast.ClassDef):
            for method in thing.body:
                if isinstance(method, ast.FunctionDef) and not method.decorator_list and method.name[0] != "_":
                    yield f"transom._core.{thing.name}.{method.name}"


def names_of_module(module: ModuleType) -> Iterator[str]:
    """Functions, classes and their methods that a module has in its __all__, or defines."""
    own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", None) == module.__name__]
    for name in getattr(module, "__all__", [name for name in own if name[0] != "_"]):
        thing = getattr(module, name)
        if not callable(thing):
            continue
        yield f"{module.__name__}.{name}"
        own_class = inspect.isclass(thing) and thing.__name__ == name and thing.__module__.startswith(module.__name__)
        for method in vars(thing) if own_class else ():
            if method[0] != "_" and callable(getattr(thing, method)):
                yield f"{module.__name__}.{name}.{method}"


def public_names() -> set[str]:
    """All that wants a property test."""
    names = {public_name(name) for name in names_of_stub()}
    for module in ("transom", *MODULES):
        names |= set(names_of_module(importlib.import_module(module)))
    return names


def marked_tests() -> Iterator[Callable[..., Any]]:
    """The marked tests of this folder."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"properties.{path.stem}")
        for thing in vars(module).values():
            if hasattr(thing, "properties_of") and thing.__module__ == module.__name__:
                yield thing
