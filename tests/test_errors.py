"""The tree in the docstring of ivr.errors is complete and true."""

import inspect
import re

from ivr import errors


def drawn() -> list[tuple[str, str]]:
    """Each error of the tree with the one it hangs under, from top to bottom."""
    above: list[str] = []
    found = []
    for line in errors.__doc__.splitlines():
        branch = re.match(r" {4}((?:│   |    )*)(├── |└── )?([A-Z]\w+)(?: {2,}\S|$)", line)
        if branch:
            depth = len(branch[1]) // 4 + bool(branch[2])
            above[depth:] = [branch[3]]
            found.append((branch[3], above[depth - 1] if depth else "Exception"))
    return found


def defined() -> list[tuple[str, str]]:
    """Each error of the module with its only base, from top to bottom."""
    classes = [one for _, one in inspect.getmembers(errors, inspect.isclass) if one.__module__ == errors.__name__]
    assert all(len(one.__bases__) == 1 for one in classes)
    classes.sort(key=lambda one: inspect.getsourcelines(one)[1])
    return [(one.__name__, one.__base__.__name__) for one in classes]


def test_the_tree_is_complete_true_and_in_the_order_of_the_module():
    assert drawn() == defined()


def test_every_error_is_exported_and_says_what_it_means():
    assert sorted(errors.__all__) == sorted(name for name, _ in defined())
    assert all(getattr(errors, name).__doc__ for name in errors.__all__)
