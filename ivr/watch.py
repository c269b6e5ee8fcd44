"""Calls that end while no line has them are closed in the journal at once; those that nobody saw end, by looking.

A caller who hangs up while phones ring, people talk or a message is recorded never reaches the line again. The switch
tells three ways, and any of them may fail:

    its call record         posted, or found in a folder by the sweep         `ivr.records`
    CHANNEL_HANGUP_COMPLETE on the control connection, at once                `ended`: the same desk, the same entries
    it has no such channel  asked after a gap, and every minute               `reconcile`: closed with cause LOST

The event carries every variable of the record (measured: all of them, equal), so it goes over the same desk, and what
is written by both is written once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from ivr.changes import Change
from ivr.clock import Clock
from ivr.errors import RecordError, StoreError, WireError
from ivr.esl.control import Control
from ivr.journal import Closed, Noted, is_uuid
from ivr.records import CallRecords
from ivr.store import Changes, Journal, OffHub

__all__ = ["LOST", "Watch", "record_of"]

log = structlog.get_logger(__name__)

LOST = "LOST"
"""The cause of a call that nobody saw end. FreeSWITCH has none of this name."""
OLDER = 60.0
"""Seconds a call must be open before it is looked for: a channel is in `show channels` some time after it rings."""
GRACE = 150.0
"""Seconds a call must be nowhere: its record is posted twice (8 s) and swept every minute, and says more than LOST."""
STRANGER = timedelta(days=1)
"""How long a switch that is not under control and sent a call keeps calls from being given up."""
AGAIN = timedelta(hours=1)
"""How often other lines are told of one that goes on sending calls."""
TAKE = 10.0
MOST = 1000
"""Times within a day that lines have told each other of a switch, and that are looked at."""


def record_of(event: Any) -> bytes:
    """The call record that mod_json_cdr makes of a call, out of its CHANNEL_HANGUP_COMPLETE."""
    variables = {name[9:]: value for name, value in event.items() if name.startswith("variable_")}
    profile = {
        "caller_id_number": event.get("Caller-Caller-ID-Number", ""),
        "destination_number": event.get("Caller-Destination-Number", ""),
        "context": event.get("Caller-Context", ""),
    }
    return orjson.dumps({"variables": variables, "callflow": [{"caller_profile": profile}]})


class Watch:
    """What a line uses the control connection for. `older`, `grace`: see OLDER, GRACE.

    The store's work is done by `off_hub`, one thing at a time: when it is slow the events wait in the handler's queue,
    the oldest are dropped there, and `reconcile` finds what they would have said.
    """

    def __init__(
        self, control: Control, clock: Clock, journal: Journal, changes: Changes, records: CallRecords,
        off_hub: OffHub, *, older: float = OLDER, grace: float = GRACE,
    ):  # fmt: skip
        self.control, self.clock = control, clock
        self.journal, self.changes, self.records, self.off_hub = journal, changes, records, off_hub
        self.older, self.grace = timedelta(seconds=older), grace
        self.closed = self.lost = 0
        """Calls closed by their event, and calls given up."""
        self._nowhere: dict[str, tuple[float, datetime]] = {}
        self._strangers: dict[str, datetime] = {}
        self._told: dict[str, datetime] = {}
        self._known: set[str] = set()
        control.on("CHANNEL_HANGUP_COMPLETE", self.ended)
        control.on_up(lambda switch, gap: self.reconcile())

    # A call that ends -----------------------------------------------------------------------------------------------

    def ended(self, event: Any) -> None:
        """The end of a call, as the switch tells it: written down, unless it is already."""
        uuid = event.get("Unique-ID")
        if not is_uuid(uuid) or event.get("Call-Direction") == "outbound":
            return
        try:
            if self.off_hub.run(self._take, uuid, record_of(event), deadline=TAKE):
                self.closed += 1
        except (RecordError, StoreError) as error:
            log.warning("the end of a call was not written down; its record will be", call=uuid, error=str(error))

    def _take(self, uuid: str, record: bytes) -> bool:
        """In the thread. Usually the record came first: the switch posts it before it tells of the end."""
        if self.journal.over([uuid]):
            return False
        self.records.take(record)
        return True

    # A call that nobody saw end -------------------------------------------------------------------------------------

    def saw(self, core: str) -> None:
        """A call came from this life of a switch (Core-UUID). One that is not under control may have others, and then
        nobody can say that a call is nowhere."""
        if is_uuid(core) and all(core != switch.core for switch in self.control.switches):
            self._strangers[core] = self.clock.now()

    def reconcile(self) -> list[str]:
        """Close the calls that are open in the journal and have been on no switch for `grace` seconds; their ids.

        Only where every switch is connected and has answered: a call is not lost because the line cannot see it.
        """
        try:
            open_calls = self.off_hub.run(self._open, self.clock.now() - self.older, deadline=TAKE)
            if not open_calls:
                self._nowhere.clear()
                return []
            if not self.control.whole or self._strange():
                return []
            here = self._here()
        except (StoreError, WireError) as error:
            log.warning("open calls could not be looked for", error=str(error))
            return []
        monotonic, now = self.clock.monotonic(), self.clock.now()
        self._nowhere = {
            uuid: self._nowhere.get(uuid, (monotonic, now)) for uuid in open_calls if uuid not in here
        }  # fmt: skip
        lost = [uuid for uuid, (since, _) in self._nowhere.items() if monotonic - since >= self.grace]
        return self._give_up(lost) if lost else []

    def _open(self, before: datetime) -> list[str]:
        return [row.uuid for row in self.journal.open_calls() if row.at <= before]

    def _strange(self) -> bool:
        """Has a switch that is not under control sent a call, to this line or to another one of the house?"""
        now = self.clock.now()
        # A switch that was started anew meanwhile is a stranger no more, when its new life is known.
        self._known |= {switch.core for switch in self.control.switches}
        self._strangers = {
            core: at for core, at in self._strangers.items() if core not in self._known and now - at < STRANGER
        }  # fmt: skip
        strangers = self.off_hub.run(self._exchanged, now, deadline=TAKE) - self._known
        if strangers:
            log.warning("a switch that --control does not name sends calls: none is given up as lost",
                        cores=sorted(strangers))  # fmt: skip
        return bool(strangers)

    def _exchanged(self, now: datetime) -> set[str]:
        """In the thread: tell the others whom this line has met, and learn whom they have."""
        for core in self._strangers:
            if core not in self._told or now - self._told[core] >= AGAIN:
                self.changes.write(Change(now, "switch-unknown", "the line", {"core": core}))
                self._told[core] = now
        told = self.changes.list(MOST, now - STRANGER, ["switch-unknown"])
        return {*self._strangers, *(change.data["core"] for change in told)}

    def _here(self) -> set[str]:
        """Every channel on every switch."""
        here: set[str] = set()
        for switch in self.control.switches:
            here |= switch.channels().keys()
        return here

    def _give_up(self, lost: Iterable[str]) -> list[str]:
        now = self.clock.now()
        entries = []
        for uuid in lost:
            since = self._nowhere[uuid][1]
            entries += [Noted(uuid, now, "lost", {"nowhere_since": since.isoformat()}), Closed(uuid, now, LOST)]
        try:
            self.off_hub.run(self.journal.write, entries, True, deadline=TAKE)
            # Their messages are finished by the sweep, which takes those whose calls are over.
            self.off_hub.run(self.records.sweep_spool, deadline=TAKE)
        except StoreError as error:
            log.warning("lost calls were not written down; it is tried again", error=str(error))
            return []
        given_up = [entry.uuid for entry in entries if isinstance(entry, Closed)]
        for uuid in given_up:
            self._nowhere.pop(uuid, None)
            log.warning("a call was closed that nobody saw end", call=uuid)
        self.lost += len(given_up)
        return given_up
