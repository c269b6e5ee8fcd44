"""The menus a caller came through, in order: `back` leads to the one before, `top` to the first. Pure.

He carries it as text; a menu he comes to again is not further on, but where he was.

    >>> trail = entered(entered(entered("", "menu/main"), "menu/support"), "menu/printers")
    >>> trail, back(trail, "menu/printers"), back(trail, "announcement/hours"), top(trail)
    ('main/support/printers', 'menu/support', 'menu/printers', 'menu/main')
    >>> entered(trail, "menu/support"), back("", "menu/main"), top("")
    ('main/support', None, None)
"""

__all__ = ["back", "entered", "top"]

LONGEST = 200
"""Characters a caller can carry; the menus in the middle are forgotten first."""


def entered(trail: str, menu: str) -> str:
    """The trail of who comes to a menu."""
    names, name = trail.split("/") if trail else [], menu.removeprefix("menu/")
    names = names[: names.index(name)] if name in names else names
    names.append(name)
    while len("/".join(names)) > LONGEST:
        del names[1]
    return "/".join(names)


def back(trail: str, address: str) -> str | None:
    """The menu before: from a menu, the one he came from; from anything else, the one he was in. None before any."""
    names = trail.split("/") if trail else []
    if address == f"menu/{names[-1] if names else ''}" and len(names) > 1:
        names.pop()
    return f"menu/{names[-1]}" if names else None


def top(trail: str) -> str | None:
    """The first menu of the call; None before any."""
    return f"menu/{trail.partition('/')[0]}" if trail else None
