"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import esl_handlers
import ivr

MODULES = sorted(
    found.name
    for package in (ivr, esl_handlers)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert failed == 0
