"""PINs that nobody guesses: whoever has one closes the house from any telephone in the world."""

from ivr.table.build import Builder

__all__ = ["pins_are_hard_to_guess"]

SHORTEST = 4
ROWS = ("01234567890", "09876543210", "2580", "0852", "147258369", "123698745")


def pins_are_hard_to_guess(made: Builder) -> None:
    """The PIN itself is not repeated: findings are printed, kept and mailed."""
    reading = made.reading
    known = reading.names("extensions").keys() | reading.names("numbers").keys()
    for name, model in reading.things("switches"):
        if model.pin and (why := weakness(model.pin, known)):
            message = f"{why}; take six digits from a die"
            reading.warning(("switches", name, "pin"), message, "weak-pin")


def weakness(pin: str, known=()) -> str | None:
    """Why a PIN is easily guessed, in words; None if it is not.

    >>> [weakness(pin) for pin in ("123", "4321", "1212", "1987", "471100")]
    ['the PIN has fewer than 4 digits', 'the PIN is a row of keys', 'the PIN repeats itself', 'the PIN is a year', None]
    """
    if len(pin) < SHORTEST:
        return f"the PIN has fewer than {SHORTEST} digits"
    if any(pin in row for row in ROWS):
        return "the PIN is a row of keys"
    if any(pin == pin[:n] * (len(pin) // n) for n in range(1, len(pin) // 2 + 1) if len(pin) % n == 0):
        return "the PIN repeats itself"
    if len(pin) == 4 and pin[:2] in ("19", "20"):
        return "the PIN is a year"
    return "the PIN is a number of this table" if pin in known else None
