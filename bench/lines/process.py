"""What every line of the bench has: its arguments, `ready` on its output, and the lag of its loop at the end.

A line is told to go by SIGTERM; then it prints one JSON object: {"lag": [p50, p99, most]} in seconds. Where a part of
the run is of interest, SIGUSR1 begins it and SIGUSR2 ends it.
"""

import argparse
import asyncio
import json
import signal
from time import perf_counter

EVERY = 0.005
"""Seconds between two looks at the loop, where its lag is measured: that costs a per cent of a core by itself."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--data", default="", help="the folder shared with the switch")
    parser.add_argument("--script", default="", help="the standard call, as overheard from our line")
    parser.add_argument("--seconds", type=float, default=0.12, help="how long a tone is")
    parser.add_argument("--books", action="store_true")
    parser.add_argument("--lag", action="store_true")
    parser.add_argument("--table", default="", help="another table than that of the bench, as it is kept")
    return parser.parse_args()


def summary(lags: list[float]) -> dict:
    lags = sorted(lags) or [0.0]
    return {"lag": [lags[len(lags) // 2], lags[min(len(lags) - 1, int(len(lags) * 0.99))], lags[-1]]}


def gevent_line(build) -> None:
    """Run `build(arguments)`: something with `start()`, until SIGTERM."""
    import gevent
    from gevent.event import Event

    given, lags, over = arguments(), [], Event()
    gevent.signal_handler(signal.SIGTERM, over.set)

    def watch() -> None:
        while True:
            before = perf_counter()
            gevent.sleep(EVERY)
            lags.append(perf_counter() - before - EVERY)

    line = build(given)
    line.start()
    if given.lag:
        watching = gevent.spawn(watch)
        gevent.signal_handler(signal.SIGUSR1, lags.clear)
        gevent.signal_handler(signal.SIGUSR2, watching.kill, block=False)
    print("ready", flush=True)
    over.wait()
    print(json.dumps(summary(lags)), flush=True)


def asyncio_line(serve) -> None:
    """Run the coroutine `serve(arguments)`, which comes back when it listens, until SIGTERM."""
    given, lags = arguments(), []

    async def watch() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(EVERY)
            lags.append(perf_counter() - before - EVERY)

    async def run() -> None:
        over = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
        keep = [await serve(given)]
        if given.lag:
            keep.append(asyncio.create_task(watch()))
        print("ready", flush=True)
        await over.wait()
        print(json.dumps(summary(lags)), flush=True)

    asyncio.run(run())
