"""The `api` commands a line may send.

>>> api(None, "nonsense", "")
'-ERR nonsense command not found!\\n'
"""

__all__ = ["api"]


def api(switch, name: str, arguments: str) -> str:
    """The answer to one api command."""
    words = arguments.split(" ")
    if name == "system":  # never run; that it was asked for is what a test wants to know
        switch.expansions.append((name, arguments))
        return "-ERR no reply\n"
    function = _KNOWN.get(name)
    if function is None:
        return f"-ERR {name} command not found!\n"
    session = switch.sessions.get(words[0])
    if name == "uuid_exists":
        return "false" if session is None or session.channel.down else "true"
    if session is None or session.channel.down:
        return "-ERR No such channel!\n"
    return function(session, words[1:])


def _recv_dtmf(session, words: list[str]) -> str:
    """Keys as if the caller had pressed them; they come with the next frame, their source is APP."""
    for digit in words[0].partition("@")[0] if words else "":
        session.clock.call_later(session.to_tick(0.0, strictly=True), session.channel.press, digit, "APP")
    return "+OK\n"


def _break(session, words: list[str]) -> str:
    """End the running application; with `all` also forget what waits: it never completes."""
    if "all" in words:
        session.commands.clear()
    session.clock.call_later(session.to_tick(0.0, strictly=True), _broken, session)
    return "+OK\n"


def _broken(session) -> None:
    session.channel.broken = True
    session.channel.wake.set()


def _setvar(session, words: list[str]) -> str:
    """Without expansion."""
    if not words:
        return "-USAGE: <uuid> <var> [value]\n"
    session.channel.set(words[0], " ".join(words[1:]), check=False)
    return "+OK\n"


def _getvar(session, words: list[str]) -> str:
    return session.channel.get(words[0]) or "_undef_"


def _kill(session, words: list[str]) -> str:
    session.channel.hang_up(words[0] if words else "NORMAL_CLEARING", here=False)
    return "+OK\n"


_KNOWN = {
    "uuid_exists": None.__class__,
    "uuid_recv_dtmf": _recv_dtmf,
    "uuid_break": _break,
    "uuid_setvar": _setvar,
    "uuid_getvar": _getvar,
    "uuid_kill": _kill,
}
