"""Settings that belong to a machine, not to the table: an option of `ivr serve` each, and an environment variable.

`docs/settings.md` lists them; a test keeps that page complete.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path

__all__ = ["Settings", "variable"]


def setting(default, about: str):
    """A field with its description beside its default."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are on this machine."""

    table: Path = setting(Path("routes.yaml"), "the routing table")
    watch: bool = setting(True, "take a table by itself when its files change; no: on SIGHUP and `ivr reload` only")
    look: float = setting(1.0, "seconds between two looks at what others have changed: live table, files, overrides")
    data: Path = setting(Path("data"), "the folder that line and FreeSWITCH share under the same path")
    prompts: Path = setting(Path("prompts"), "the site's own prompts; what is not there comes with the program")
    listen: str = setting("127.0.0.1:8084", "address FreeSWITCH's socket action connects to")
    records_listen: str = setting("127.0.0.1:8085", "address mod_json_cdr posts call records to")
    health_listen: str = setting("", "address of /health, /ready, /metrics (docs/health.md); empty: none")
    emergency_listen: str = setting("", "a second address for calls that no limit may refuse (rule F3); empty: none")
    workers: int = setting(1, "processes that answer calls; more than one have a parent that replaces who dies")
    switches: str = setting("127.0.0.0/8,::1/128", "networks a FreeSWITCH may connect from, comma-separated")
    database: str = setting("", "URL of the database; empty: SQLite in the data folder")
    soft_limit: int = setting(400, "calls in dialogue past which ordinary callers hear that all lines are busy")
    lag_limit: float = setting(0.25, "seconds the line may be held up before ordinary callers hear that too")
    caller_limit: int = setting(20, "calls in dialogue from one number, past which it hears that all lines are busy")
    caller_rate: int = setting(60, "new calls from one number within a minute, past which it hears the same")
    hard_limit: int = setting(1000, "connections past which the dialplan goes on without the line")
    rate: int = setting(8000, "sampling rate of the prompts in hertz, 8000 or 16000")
    ringback: str = setting("", "what a caller hears while phones ring: a tone_stream:// or a file; empty: the music")
    control: str = setting("", "event sockets of all switches that send calls, host:port, comma-separated; empty: none")
    control_password_file: str = setting("", "a file with their password; or give it in IVR_CONTROL_PASSWORD")
    tapes: str = setting("", "a folder for tapes: every connection is written down there (docs/tapes.md); empty: none")

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{(self.data / 'zongji.db').resolve()}"

    @property
    def spool(self) -> Path:
        return self.data.resolve() / "spool"


def variable(name: str) -> str:
    """The environment variable of a setting.

    >>> variable("soft_limit")
    'IVR_SOFT_LIMIT'
    """
    return "IVR_" + name.upper()


def described() -> list[tuple[str, str, object, str]]:
    """Every setting: option, variable, default, description."""
    return [
        ("--" + one.name.replace("_", "-"), variable(one.name), one.default, one.metadata["about"])
        for one in fields(Settings)
    ]
