"""Every error of the house, in one tree.

    ZongjiError
    ├── TableError          routes.yaml cannot be used: every fault with its place
    ├── SettingsError       a setting of this machine is wrong
    ├── WireError           the event socket
    │   ├── FrameError      bytes that are no ESL frame
    │   ├── Refused         a value that may not go out to the switch (rule: nothing a caller sent)
    │   ├── Deadline        the switch did not answer in time
    │   └── GoneAway        the socket is closed; the caller may still be there
    ├── Hangup              the caller hung up: caught once, in reception
    ├── PromptError         a prompt has no text, or its text cannot be made
    │   └── SpeechError     text that cannot be turned into sound
    ├── StoreError          the database or the spool
    │   └── CannotKeep      a message could not be written down: the caller must be told
    ├── RecordError         bytes that are no call record of FreeSWITCH's
    └── ScriptError         a call script or a tape that cannot be read or did not fit

A message says where, what, and what to do.
"""

__all__ = [
    "CannotKeep",
    "Deadline",
    "FrameError",
    "GoneAway",
    "Hangup",
    "PromptError",
    "RecordError",
    "Refused",
    "ScriptError",
    "SettingsError",
    "SpeechError",
    "StoreError",
    "TableError",
    "WireError",
    "ZongjiError",
]


class ZongjiError(Exception):
    """The root: everything this house raises on purpose."""


class TableError(ZongjiError):
    """routes.yaml cannot be used. `findings` holds every fault, in the order of the file."""

    def __init__(self, findings):
        self.findings = list(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self):
        return type(self), (self.findings,)


class SettingsError(ZongjiError):
    """A setting of this machine (an option or an IVR_… variable) is wrong."""


class WireError(ZongjiError):
    """Something went wrong on the event socket."""


class FrameError(WireError):
    """The bytes are no ESL frame; the connection cannot go on."""


class Refused(WireError):
    """A value was kept from the switch: it did not pass the white list of its place."""


class Deadline(WireError):
    """The switch did not answer in time."""


class GoneAway(WireError):
    """The socket is closed. It says nothing of the caller, who may be on his way to another worker."""


class Hangup(ZongjiError):
    """The caller hung up. `cause` is FreeSWITCH's hang-up cause, such as NORMAL_CLEARING."""

    def __init__(self, cause: str = "NORMAL_CLEARING"):
        self.cause = cause
        super().__init__(cause)


class PromptError(ZongjiError):
    """A prompt has no text in this language, or its template fails."""


class SpeechError(PromptError):
    """The text could not be turned into sound."""


class StoreError(ZongjiError):
    """The database or the spool did not do what it was asked."""


class CannotKeep(StoreError):
    """A message could not be written down anywhere: the caller is told, nothing is recorded."""


class RecordError(ZongjiError):
    """The bytes are no call record of FreeSWITCH's (mod_json_cdr)."""


class ScriptError(ZongjiError):
    """A call script or a tape cannot be read, or the call did not go as it says."""
