"""What comes with the program beside its code: prompts, freeswitch-conf, the default routes.yaml.

In a checkout they lie at the top; installed, in `share/zongji` of wherever the code was installed to.
"""

import sys
import sysconfig
from pathlib import Path

from ivr.errors import SettingsError

__all__ = ["places", "prompt_folders", "prompt_names", "shared"]


def shared(name: str) -> Path:
    """The path of a file or folder that came with the program, such as "prompts"."""
    looked = places(Path(__file__).resolve().parent.parent)
    for place in looked:
        if (place / name).exists():
            return place / name
    told = " and ".join(map(str, looked))
    raise SettingsError(f"{name} came with the program but is gone from {told}: install it again")


def places(beside: Path) -> list[Path]:
    """Where to look, for a program whose packages lie in `beside`."""
    # A "prompts" in site-packages is some other package's: only a checkout has its setup.cfg.
    if (beside / "setup.cfg").exists():
        return [beside]
    prefixes = [sysconfig.get_path("data"), sys.prefix]
    user = sysconfig.get_preferred_scheme("user")
    if beside == Path(sysconfig.get_path("purelib", user)).resolve():
        prefixes.insert(0, sysconfig.get_path("data", user))
    # `pip install --target` puts share/ beside the packages.
    return list(dict.fromkeys(Path(prefix) / "share" / "zongji" for prefix in (beside, *prefixes)))


def prompt_folders(site: str | Path) -> list[Path]:
    """Where prompts lie: the site's own, which win, and those that came with the program."""
    return [folder for folder in (Path(site), shared("prompts")) if folder.is_dir()]


def prompt_names(site: str | Path) -> set[str]:
    """The names of every prompt that has words or a recording, in any language."""
    return {file.stem for folder in prompt_folders(site) for file in folder.glob("*/*.[jw]*")}
