"""Applications that take no time: answer, variables, hang-up, and the way through the dialplan."""

from ivr.switch.session import Rest, Session, application
from ivr.switch.sounds import TICK

__all__ = ["move"]


@application("answer")
def answer(session: Session, data: str) -> None:
    """Take the call: one frame."""
    channel = session.channel
    if not channel.answered and not channel.down:
        session.pause(TICK / 2)
        if channel.ready:
            channel.answer()


@application("pre_answer")
def pre_answer(session: Session, data: str) -> None:
    channel = session.channel
    if not channel.answered:
        channel.early = True


@application("ring_ready")
def ring_ready(session: Session, data: str) -> None:
    if not session.channel.answered:
        session.channel.hears("ringback")


def _assign(session: Session, text: str) -> None:
    name, _, value = text.partition("=")
    # `set` expands a second time: neither \${ nor app_disable_expand_variables protects it
    session.channel.set(name.strip(), session.expand(value) if value else None, check=False)


@application("set", "export")
def set_(session: Session, data: str) -> None:
    """name=value; an empty value unsets. (`export` would give it to called legs as well.)"""
    if data:
        _assign(session, data.removeprefix("nolocal:"))


@application("multiset")
def multiset(session: Session, data: str) -> None:
    """a=1 b=2, or ^^;a=1;b=2 with a separator of one's own."""
    separator = " "
    if data.startswith("^^") and len(data) > 2:
        separator, data = data[2], data[3:]
    for text in data.split(separator):
        if text:
            _assign(session, text)


@application("unset")
def unset(session: Session, data: str) -> None:
    session.channel.variables.pop(data.strip(), None)


@application("multiunset")
def multiunset(session: Session, data: str) -> None:
    separator = " "
    if data.startswith("^^") and len(data) > 2:
        separator, data = data[2], data[3:]
    for name in data.split(separator):
        session.channel.variables.pop(name, None)


@application("hangup")
def hangup(session: Session, data: str) -> None:
    session.channel.hang_up(data.strip() or "NORMAL_CLEARING")


@application("sleep")
def sleep(session: Session, data: str) -> None:
    """Milliseconds. Keys typed meanwhile stay where they are."""
    session.rest(int(data.strip() or 0) / 1000, keys=False)


@application("park")
def park(session: Session, data: str) -> None:
    """Until hang-up; keys are swallowed."""
    channel = session.channel
    channel.fire("CHANNEL_PARK")
    while session.rest(None) is Rest.KEY:
        channel.take_key()
    channel.fire("CHANNEL_UNPARK")


@application("log", "info", "verbose_events")
def log(session: Session, data: str) -> None:
    level, _, text = data.partition(" ")
    session.switch.logged.append((session.channel.uuid, level, text))


@application("execute_extension")
def execute_extension(session: Session, data: str) -> None:
    """number [dialplan [context]]"""
    words = data.split()
    if words:
        session.execute_extension(words[0], words[2] if len(words) > 2 else None)


@application("transfer")
def transfer(session: Session, data: str) -> None:
    """number [dialplan [context]]: leave this extension for good. Each one lowers max_forwards by one."""
    words = data.split()
    if words:
        move(session, *words)


def move(session: Session, number: str, dialplan: str = "", context: str = "") -> None:
    """Start anew at a number: by the dialplan, or because somebody's telephone transferred the caller there."""
    channel = session.channel
    left = channel.variables.get("max_forwards")
    left = int(left) - 1 if left and left.lstrip("-").isdigit() else 70
    if left <= 0:
        channel.hang_up("EXCHANGE_ROUTING_ERROR")
        return
    if channel.down:
        return
    context = context or channel.get("force_transfer_context") or channel.profile["context"]
    dialplan = dialplan or channel.get("force_transfer_dialplan") or "XML"
    channel.variables["max_forwards"] = str(left)
    channel.profile = type(channel.profile)(
        channel.profile,
        rdnis=channel.profile["destination_number"],
        destination_number=number,
        context=context,
    )
    epoch = int(session.clock.now().timestamp())
    source = f"{epoch}:{channel.uuid}:bl_xfer:{number}/{context}/{dialplan}"
    history = channel.variables.get("transfer_history")
    if history:
        history = history if history.startswith("ARRAY::") else f"ARRAY::{history}"
        channel.variables["transfer_history"] = f"{history}|:{source}"
    else:
        channel.variables["transfer_history"] = source
    channel.variables["transfer_source"] = source
    channel.state, channel.transferred = "CS_ROUTING", True
    channel.wake.set()
