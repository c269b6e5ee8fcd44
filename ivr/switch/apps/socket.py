"""`socket`: the line is called, and has the call until it leaves, or dies."""

from ivr.switch.listener import Listener, connect
from ivr.switch.session import Rest, Session, application

__all__: list[str] = []


@application("socket")
def socket(session: Session, data: str) -> None:
    """host:port[|host:port] async full. Refused: the next host, then the dialplan's next action."""
    channel = session.channel
    words = data.split()
    if not words or channel.down:
        return
    listener = None
    for address in words[0].split("|"):
        host, _, port = address.rpartition(":")
        channel.variables["socket_host"] = host
        connection = connect(host, int(port))
        if connection is not None:
            listener = Listener(session, connection, words[1:])
            break
    if listener is None:
        return
    if channel.down:  # hung up while it was being connected
        listener.channel_down()
    session.rest(None, keys=False, until=lambda: listener.connected or listener.finished)
    if listener.finished and not channel.true("socket_resume"):
        session.rest(None)  # closed before it said `connect`: the caller rings for ever (tape appdown)
    _parked(session, listener)


def _parked(session: Session, listener: Listener) -> None:
    """The channel is parked, under the line's control."""
    channel = session.channel
    if channel.ready:
        channel.fire("CHANNEL_PARK")
    while True:
        why = session.rest(None, until=lambda: listener.finished)
        if why is Rest.KEY:
            channel.take_key()
        elif why is Rest.BREAK:
            channel.broken = False
        else:
            break
    session.commands.clear()
    channel.fire("CHANNEL_UNPARK")
    if channel.state == "CS_RESET":  # socket_resume: the dialplan goes on
        channel.state = "CS_EXECUTE"
