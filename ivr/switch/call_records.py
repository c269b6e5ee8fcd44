"""Call records as mod_json_cdr writes them: one JSON document per call, posted, or kept as a file when that fails."""

from collections.abc import Callable
from pathlib import Path

from ivr.switch.wire import encode, to_json

__all__ = ["call_record", "send"]


def call_record(session) -> bytes:
    """The record of a call that has ended. As with `encode-values` (the default), variables are percent-encoded."""
    channel = session.channel
    return to_json(
        {
            "core-uuid": channel.core_uuid,
            "switchname": "built-in",
            "channel_data": {"state": "CS_REPORTING", "direction": "inbound", "state_number": "11"},
            "variables": {name: encode(value) for name, value in channel.variables.items() if value},
            "app_log": {
                "applications": [
                    {"app_name": name, "app_data": data, "app_stamp": str(stamp)} for name, data, stamp in session.log
                ]
            },
            "callflow": [_flow(session, number, flow) for number, flow in enumerate(session.flow)],
        }
    )


def _flow(session, number: int, flow: dict) -> dict:
    profile, times = flow["profile"], session.channel.times
    return {
        "dialplan": "XML",
        "profile_index": str(len(session.flow) - number),
        "extension": {
            "name": profile["destination_number"],
            "number": profile["destination_number"],
            "applications": [{"app_name": name, "app_data": data} for name, data in flow["actions"]],
        },
        "caller_profile": {
            **{name: value for name, value in profile.items() if name != "chan_name"},
            "dialplan": "XML",
            "uuid": session.channel.uuid,
            "source": "mod_sofia",
            "chan_name": session.channel.name,
        },
        "times": {
            "created_time": str(times["created"]),
            "profile_created_time": str(flow["times"]["created"]),
            "answered_time": str(times["answered"]),
            "hangup_time": str(times["hangup"]),
            "bridged_time": str(times["bridged"]),
        },
    }


def send(body: bytes, uuid: str, post: Callable[[bytes], None] | None, folder: Path | None) -> None:
    """Give the record to `post`; when that raises (or there is none), write it to the folder, in place as FreeSWITCH
    does: a reader may see half a file."""
    if post is not None:
        try:
            post(body)
            return
        except Exception:  # noqa: BLE001 - whatever it was, the folder is the answer
            pass
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{uuid}.cdr.json").write_bytes(body)
