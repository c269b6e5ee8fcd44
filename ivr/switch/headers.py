"""The headers of an event about a channel, in FreeSWITCH's order."""

__all__ = ["BARE", "headers"]

BARE = {"DTMF", "CHANNEL_STATE", "CHANNEL_CALLSTATE", "PRIVATE_COMMAND"}
"""Events without the channel's variables (tapes)."""

_OWN_STATE = {"CHANNEL_STATE", "CHANNEL_CALLSTATE"}

_STATES = {"CS_ROUTING": 2, "CS_EXECUTE": 4, "CS_RESET": 6, "CS_HANGUP": 10, "CS_REPORTING": 11}


def headers(channel, name: str, variables: bool = True) -> dict[str, str]:
    """The headers of an event about this channel, in FreeSWITCH's order."""
    channel.sequence += 1
    now = channel.clock.now()
    event = {
        "Event-Name": name,
        "Core-UUID": channel.core_uuid,
        "FreeSWITCH-Hostname": "built-in",
        "FreeSWITCH-Switchname": "built-in",
        "FreeSWITCH-IPv4": "127.0.0.1",
        "Event-Date-Local": now.strftime("%Y-%m-%d %H:%M:%S"),
        "Event-Date-GMT": now.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Event-Date-Timestamp": str(channel.micros()),
        "Event-Sequence": str(channel.sequence),
    }
    if name == "CHANNEL_DATA":
        event.update(_profile(channel, "Channel-"))
    # the number is the state's, the name the running state's, which lags behind it (tapes)
    shown = "CS_EXECUTE" if channel.down and channel.state == "CS_HANGUP" and name not in _OWN_STATE else channel.state
    event["Channel-State"] = shown
    event["Channel-Call-State"] = channel.callstate
    event["Channel-State-Number"] = str(_STATES[channel.state])
    event["Channel-Name"] = channel.name
    event["Unique-ID"] = channel.uuid
    event["Call-Direction"] = event["Presence-Call-Direction"] = "inbound"
    event["Channel-HIT-Dialplan"] = "true"
    event["Channel-Call-UUID"] = channel.uuid
    event["Answer-State"] = channel.answer_state
    if channel.cause:
        event["Hangup-Cause"] = channel.cause
    for side in ("Read", "Write"):
        event[f"Channel-{side}-Codec-Name"] = "PCMU"
        event[f"Channel-{side}-Codec-Rate"] = "8000"
        event[f"Channel-{side}-Codec-Bit-Rate"] = "64000"
    event.update(_profile(channel, "Caller-"))
    if variables:
        for variable, value in channel.variables.items():
            event["variable_" + variable] = value
    return event


def _profile(channel, prefix: str) -> dict[str, str]:
    profile, times = channel.profile, channel.times
    rows = {
        "Direction": "inbound",
        "Logical-Direction": "inbound",
        "Username": profile["username"],
        "Dialplan": "XML",
        "Caller-ID-Name": profile["caller_id_name"],
        "Caller-ID-Number": profile["caller_id_number"],
        "Orig-Caller-ID-Name": profile["caller_id_name"],
        "Orig-Caller-ID-Number": profile["caller_id_number"],
        "Network-Addr": profile["network_addr"],
        "ANI": profile["ani"],
        "Destination-Number": profile["destination_number"],
        "Unique-ID": channel.uuid,
        "Source": "mod_sofia",
        "Context": profile["context"],
        "Channel-Name": channel.name,
        "Profile-Index": "1",
        "Profile-Created-Time": str(times["created"]),
        "Channel-Created-Time": str(times["created"]),
        "Channel-Answered-Time": str(times["answered"]),
        "Channel-Progress-Time": str(times["progress"]),
        "Channel-Progress-Media-Time": "0",
        "Channel-Hangup-Time": str(times["hangup"]),
        "Channel-Transfer-Time": str(times["transfer"]),
        "Channel-Resurrect-Time": "0",
        "Channel-Bridged-Time": str(times["bridged"]),
        "Channel-Last-Hold": "0",
        "Channel-Hold-Accum": "0",
    }
    if profile.get("rdnis"):
        rows["RDNIS"] = profile["rdnis"]
    rows["Screen-Bit"] = "true"
    rows["Privacy-Hide-Name"] = rows["Privacy-Hide-Number"] = "false"
    return {prefix + name: value for name, value in rows.items()}
