"""Zongji 总机: a switchboard for FreeSWITCH."""

__version__ = "0.1.0"
