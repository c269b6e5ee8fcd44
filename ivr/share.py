"""What comes with the program beside its code: prompts, freeswitch-conf, the default routes.yaml.

In a checkout they lie at the top; installed from a wheel, in `<prefix>/share/zongji`.
"""

import sys
import sysconfig
from pathlib import Path

from ivr.errors import SettingsError

__all__ = ["shared"]


def shared(name: str) -> Path:
    """The path of a file or folder that came with the program, such as "prompts"."""
    places = [Path(__file__).resolve().parent.parent]
    places += [Path(prefix) / "share" / "zongji" for prefix in (sysconfig.get_path("data"), sys.prefix)]
    for place in places:
        if (place / name).exists():
            return place / name
    raise SettingsError(f"{name} came with the program but is gone from {places[0]} and {places[1]}: install it again")
