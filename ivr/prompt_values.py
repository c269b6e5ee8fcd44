"""What each prompt is given: the values its template may use.

>>> sorted(VALUES["transfer"]), VALUES["menu-silence"]
(['to'], frozenset())

A prompt that a site names in its table (`prompt: parking`) is given the `values` that stand beside it, if any.
"""

__all__ = ["OF_CALLERS", "VALUES"]

OF_CALLERS = frozenset({"number", "reference", "caller", "digits"})
"""Values that may come from a caller: nothing but digits passes, whatever the template does with them."""


def _given(**prompts: str) -> dict[str, frozenset[str]]:
    return {name.replace("_", "-"): frozenset(values.split()) for name, values in prompts.items()}


VALUES = _given(
    greeting="house part state opens late",
    menu="choices direct_dial",
    menu_silence="",
    menu_invalid="",
    silence_limit="",
    invalid_limit="",
    extension_unknown="number",
    language_changed="",
    transfer="to",
    transfer_extension="number",
    transfer_operator="",
    busy="to",
    no_answer="to",
    refused="to",
    unreachable="to",
    do_not_disturb="to",
    quiet="to",
    closed="to opens",
    lunch="to opens",
    whisper="to caller tried",
    accept="",
    hold_start="to message",
    hold_check_in="to position message",
    hold_leave="to",
    message="to",
    message_number="",
    message_number_read_back="number",
    message_number_unclear="",
    message_kept="reference",
    message_empty="",
    message_again="",
    message_cannot="",
    announcement="text values",
    pin="",
    pin_wrong="",
    switch="to state",
    switch_done="to state",
    switch_failed="",
    goodbye="house part",
    apology="",
    fallback_apology="",
    fallback_message="",
    fallback_thanks="",
)
"""Prompt → the names of its values. A test compares it with what the handlers give, and with docs/prompts.md."""
