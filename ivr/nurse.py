"""The nursery's own side: a process that has read the program, and does nothing but fork.

    if NURSERY in os.environ:
        tend(os.environ)        # returns in each worker

It has no event loop, no second thread, no open database and no log, so nothing is torn by a fork. On its line to the
parent (`ivr.nursery`) each side says one JSON object at a time:

    nurse   {"ready": true}                                     once, when it may be asked
    parent  {"about": {variables}, "pipe": name of a variable}  with a descriptor: fork one that has them
    nurse   {"began": process id}                               with its pidfd
    nurse   {"died": process id, "code": exit code}
"""

import gc
import json
import os
import select
import signal
import socket
from collections.abc import MutableMapping

__all__ = ["LARGEST", "NURSERY", "tend"]

NURSERY = "IVR_NURSERY_FD"
"""The variable by which a process knows that it is the nursery: its end of the line to the parent."""
LARGEST = 65536
"""Bytes of what is said at a time."""


def tend(environ: MutableMapping[str, str]) -> None:
    """Fork whenever the parent asks. Returns in each worker, with its variables in `environ`,
    and never in the nursery, which ends when the parent has gone."""
    line = socket.socket(fileno=int(environ.pop(NURSERY)))
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    os.set_inheritable(line.fileno(), False)
    # What is meant for the parent alone may reach the whole group, as Ctrl-C does.
    own = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in own}
    before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    _call_itself("ivr nursery")
    _say(line, {"ready": True})
    while True:
        for one in select.select([line, woken], [], [])[0]:
            if one == woken:
                os.read(woken, 1024)
                _buried(line)
                continue
            try:
                data, fds, _, _ = socket.recv_fds(line, LARGEST, 1)
            except OSError:
                data = b""
            if not data:
                os._exit(0)
            pid = os.fork()
            if pid:
                os.close(fds[0])
                pidfd = os.pidfd_open(pid)
                _say(line, {"began": pid}, pidfd)
                os.close(pidfd)
                continue
            line.close()
            os.close(woken)
            os.close(wake)
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)
            asked = json.loads(data)
            environ |= {**asked["about"], asked["pipe"]: str(fds[0])}
            if asked["pipe"] == NURSERY:
                return tend(environ)
            _call_itself("ivr worker")
            return None


def _buried(line: socket.socket) -> None:
    """Whoever of its children has ended is told to the parent."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say(line, {"died": pid, "code": os.waitstatus_to_exitcode(status)})


def _call_itself(name: str) -> None:
    """What `ps` and `top` show."""
    try:
        with open("/proc/self/comm", "w") as comm:
            comm.write(name)
    except OSError:
        pass


def _say(line: socket.socket, what: dict, *fds: int) -> None:
    try:
        socket.send_fds(line, [json.dumps(what).encode()], list(fds))
    except OSError:  # the parent has gone, which the next read shows
        pass
