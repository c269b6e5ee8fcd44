"""A bare socket for a real FreeSWITCH: everything in one write, before it has read a byte. `--script`: what to play."""

from gevent.server import StreamServer

from bench.lines.process import gevent_line


def execute(app: str, argument: str) -> str:
    return f"sendmsg\ncall-command: execute\nexecute-app-name: {app}\nexecute-app-arg: {argument}\nevent-lock: true\n\n"


def build(given):
    # No hang-up: FreeSWITCH would have it in its queue, and do it when this process has died. The callers hang up.
    apps = (("answer", ""), ("playback", given.script))
    everything = "connect\n\nlinger 1\n\nmyevents json\n\n" + "".join(execute(*app) for app in apps)

    def serve(sock, _) -> None:
        sock.sendall(everything.encode())
        while sock.recv(65536):
            pass

    return StreamServer(("127.0.0.1", given.port), serve, backlog=1024)


if __name__ == "__main__":
    gevent_line(build)
