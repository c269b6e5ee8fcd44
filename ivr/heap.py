"""Memory: what is there when the line opens stays for good, so the collector need not look at it again.

A full collection walks through 100,000 objects of libraries, table and prompts: 25 to 40 ms in which every call waits;
after `settle` nothing that could be measured. What calls leave behind is nearly all freed without a collector.
"""

import gc

import gevent

__all__ = ["settle", "settle_more"]

YOUNG, MIDDLE, OLD = 10_000, 20, 100
"""Python's own are 700, 10, 10: made for programs that leave many cycles behind."""


def settle() -> None:
    """Call it once, when the line is open. (Not in tests: what is frozen is never given back.)"""
    # Each greenlet would keep ten frames of whoever spawned it.
    gevent.config.track_greenlet_tree = False
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def settle_more() -> None:
    """Another table has come while the line is open: it stays, too. Nothing happens where nothing was settled."""
    if gc.get_freeze_count():
        gc.freeze()
