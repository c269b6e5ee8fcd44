"""Causes of hanging up, and what FreeSWITCH makes of them: Q.850 number, DIALSTATUS, SIP answer."""

__all__ = ["dialstatus", "q850", "sip_answer"]

_Q850 = {
    "NONE": 0, "UNALLOCATED_NUMBER": 1, "NO_ROUTE_DESTINATION": 3, "NORMAL_CLEARING": 16, "USER_BUSY": 17,
    "NO_USER_RESPONSE": 18, "NO_ANSWER": 19, "SUBSCRIBER_ABSENT": 20, "CALL_REJECTED": 21, "EXCHANGE_ROUTING_ERROR": 25,
    "DESTINATION_OUT_OF_ORDER": 27, "INVALID_NUMBER_FORMAT": 28, "NORMAL_UNSPECIFIED": 31,
    "NORMAL_TEMPORARY_FAILURE": 41, "CHAN_NOT_IMPLEMENTED": 66, "INCOMPATIBLE_DESTINATION": 88,
    "RECOVERY_ON_TIMER_EXPIRE": 102,
}  # fmt: skip

_DIALSTATUS = {
    "SUCCESS": "SUCCESS", "NO_ANSWER": "NOANSWER", "NO_USER_RESPONSE": "NOANSWER", "USER_BUSY": "BUSY",
    "CALL_REJECTED": "DONTCALL", "ORIGINATOR_CANCEL": "CANCEL",
}  # fmt: skip

_SIP = {
    "USER_BUSY": (486, "Busy Here"), "CALL_REJECTED": (603, "Decline"),
    "NO_USER_RESPONSE": (480, "Temporarily Unavailable"), "NORMAL_TEMPORARY_FAILURE": (503, "Service Unavailable"),
}  # fmt: skip


def q850(cause: str) -> int:
    """The number of a cause; 16 for those Q.850 does not know."""
    return _Q850.get(cause, 16)


def dialstatus(disposition: str) -> str:
    """`DIALSTATUS` for an `originate_disposition`: the disposition itself where there is no older word."""
    return _DIALSTATUS.get(disposition, disposition)


def sip_answer(cause: str) -> tuple[int, str] | None:
    """The final SIP response of a phone that ends a call so, where it says anything: its number and its words.

    >>> sip_answer("USER_BUSY")
    (486, 'Busy Here')
    """
    return _SIP.get(cause)
