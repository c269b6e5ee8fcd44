"""Genesis as it comes from PyPI: its Outbound server and Session, the same applications in the same order."""

import json
import logging
import os
from pathlib import Path

os.environ["OTEL_SDK_DISABLED"] = "true"  # nobody collects its traces here

from genesis import Outbound
from genesis.exceptions import GenesisError
from genesis.observability import logger

from bench.lines.process import asyncio_line

logger.setLevel(logging.CRITICAL)


async def serve(given):
    writes = json.loads(Path(given.script).read_text())["writes"]

    async def application(session) -> None:
        await session.send("linger 5")
        await session.send("myevents")
        turn = int(session.context.get("variable_ivr_turn", 0))
        try:
            for number, write in enumerate(writes[turn]):
                for place, (name, argument) in enumerate(write):
                    if name == "exit":
                        await session.send("exit")
                        return
                    last = number > 0 and place == len(write) - 1
                    argument = (argument or "").replace("{uuid}", session.uuid)
                    await session.sendmsg("execute", name, argument, lock=True, block=last)
        except GenesisError:  # the caller is gone; the load counts whole calls
            pass

    server = Outbound(application, "127.0.0.1", given.port, events=False, linger=False)
    await server.start(block=False)
    return server


if __name__ == "__main__":
    asyncio_line(serve)
