"""greenswitch as it comes from PyPI: OutboundESLServer and OutboundSession, the same applications in the same order."""

import json
import logging
from pathlib import Path

import gevent
from greenswitch.esl import OutboundESLServer, OutboundSessionHasGoneAway

from bench.lines.process import gevent_line

logging.basicConfig(level=logging.CRITICAL)  # it logs each session whose caller hangs up


def build(given):
    writes = json.loads(Path(given.script).read_text())["writes"]

    class Application:
        def __init__(self, session):
            self.session = session

        def run(self) -> None:
            session = self.session
            session.linger(5)
            session.myevents()
            turn = int(session.session_data.get("variable_ivr_turn", 0))
            try:
                for number, write in enumerate(writes[turn]):
                    for place, (name, argument) in enumerate(write):
                        if name == "exit":
                            return  # its server says `exit`
                        last = number > 0 and place == len(write) - 1
                        argument = argument.replace("{uuid}", session.uuid)
                        session.call_command(name, argument, block=last)
                        if name == "hangup":
                            return
            except OutboundSessionHasGoneAway:
                pass

    class Server(OutboundESLServer):
        def start(self) -> None:
            gevent.spawn(self.listen)
            gevent.sleep(0.1)

    return Server("127.0.0.1", given.port, Application, max_connections=5000)


if __name__ == "__main__":
    gevent_line(build)
