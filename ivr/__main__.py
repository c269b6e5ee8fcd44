"""`ivr`, and `python -m ivr`."""

from ivr.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
