"""test_every_name.py — no public name of the package is without a property test."""
# SPDX-License-Identifier: Apache-2.0

import inspect

import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from properties.registry import marked_tests, public_names


def test_every_public_name_has_a_property_test() -> None:
    marked = {name for test in marked_tests() for name in test.properties_of}  # type: ignore[attr-defined]
    wanted = public_names()
    assert len(wanted) > 150
    assert sorted(wanted - marked) == []
    assert sorted(marked - wanted) == [], "these are not public"


def test_what_is_marked_is_a_hypothesis_test_that_calls_it() -> None:
    for test in marked_tests():
        assert getattr(test, "is_hypothesis_test", False), test.__name__
        source = inspect.getsource(test.hypothesis.inner_test)  # type: ignore[attr-defined]
        body = source.partition("\ndef ")[2]
        for name in test.properties_of:  # type: ignore[attr-defined]
            assert name.rpartition(".")[2] in body or "getattr(" in body, f"{test.__name__} does not call {name}"
