"""Kinds of findings: callers who come to nobody."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "loop",
        "error",
        rule="A caller who presses nothing, and whom nobody answers, comes to an end.",
        why="He would hear the same words until he hangs up, and hold a channel as long. Other switchboards have "
        "crashed on it. Opening hours are lived through for 400 days: two places that send callers to each other when "
        "they are closed are a loop only if both are closed at once, and then the first such moment is told. Where "
        "more than 24 opening hours hang together, whatever could be a loop is told.",
        mend="Lead one of the steps to a message box.",
        example="""\
numbers: {"*": {to: department/sales}}
departments:
  sales: {name: Sales, ring: {phones: [8000]}, ends: {otherwise: department/support}}
  support: {name: Support, ring: {phones: [8000]}, ends: {otherwise: department/sales}}
""",
        says="departments.sales: a caller who presses nothing can go round for ever: department/sales → "
        "department/support → department/sales; lead one of them elsewhere",
    ),
    Kind(
        "unanswered",
        "error",
        rule="Nobody is rung off before a phone rang, a message could be left, or a reason was told.",
        why="A caller who is greeted and then rung off calls again, and again (rule A4).",
        mend="Lead to the operator, to a message box, or to an announcement that says why.",
        example="""\
numbers:
  "02085550100": {to: extension/8101}
  "*": {to: operator}
extensions:
  8000:
  8101: {do_not_disturb: yes, ends: {otherwise: goodbye}}
""",
        says="extensions.8101: who comes here is rung off, and no phone rang; lead to the operator, a message box or "
        "an announcement",
    ),
    Kind(
        "unattended",
        "error",
        rule="Nobody is put through to phones nobody sits at, and then rung off: not by a place that is closed, and "
        "not by a number, a key or a list of callers that leads straight to them.",
        why="The way at night is the one nobody tries (rule A4). A phone is attended while a place with hours it rings "
        "for is open, and whoever is on duty is there; of a phone or a place without hours nobody knows. Every opening "
        "and closing of 400 days is looked at.",
        mend="End the way in a message box, or lead it to a place that is open then, or to a duty. A place where "
        "somebody really sits day and night has hours that say so: `mon-sun: 00:00-24:00`.",
        example="""\
numbers:
  "02085550102": {to: extension/8102}
  "*": {to: department/sales}
hours: {office: {mon-fri: 09:00-18:00}}
departments:
  sales: {name: Sales, hours: office, ring: {phones: [8101, 8102]}, closed: extension/8101}
extensions:
  8000:
  8101: {ends: {otherwise: goodbye}}
  8102: {ends: {otherwise: goodbye}}
""",
        says="departments.sales.closed: on Friday 2026-11-20 at 08:00 nobody is at extension/8101, and callers are "
        "rung off there; end it in a message box, or lead to somebody who is there\n"
        "extensions.8102.ends: on Friday 2026-11-20 at 08:00 nobody is at extension/8102, and callers are rung off "
        "there; end it in a message box, or lead to somebody who is there",
    ),
    Kind(
        "duty-gap",
        "error",
        rule="Somebody is on duty at every moment of the next 400 days.",
        why="Who calls in the gap reaches nobody, and it is found out that night (rule F1). A duty that is meant to "
        "have "
        "gaps, because its callers go elsewhere then, may be allowed.",
        mend="Name somebody in week or turn, or for single dates under except.",
        example="""\
numbers: {"*": {to: duty/manager}}
duties: {manager: {name: the manager, week: {mon-sat: 8000}}}
""",
        says="duties.manager: nobody is on duty from Sunday 2026-11-22 at 00:00 until Monday 2026-11-23 at 00:00, and "
        "56 times more in 400 days; name somebody in week or turn, or under except",
        may_be_allowed=True,
    ),
    Kind(
        "never",
        "error",
        rule="A turn comes to somebody.",
        why="Who believes he is on duty every third week is never called.",
        mend="Take the days that take turns out of week.",
        example="""\
numbers: {"*": {to: duty/manager}}
duties:
  manager: {name: the manager, week: {mon-sun: 8000}, turn: {from: 2026-01-05, people: [8000]}}
""",
        says="duties.manager.turn: nobody's turn ever comes: week names somebody for every shift of every day; take "
        "turns or week out",
    ),
    Kind(
        "swap",
        "error",
        rule="Two people swap a duty of one day, once.",
        why="With two swaps of one person on one day nobody can say who is called.",
        mend="Write who has the duty that day under except.",
        example="""\
numbers: {"*": {to: duty/manager}}
duties:
  manager: {name: the manager, week: {mon-sun: 8000}, swaps: {2026-12-24: {8000: 8000}}}
""",
        says="duties.manager.swaps.2026-12-24.8000: 8000 cannot swap with himself; write with whom",
    ),
    Kind(
        "swap-idle",
        "warning",
        rule="A swap changes who is on duty.",
        why="The date is probably wrong by a day, and then the wrong person is called on the right one.",
        mend="Look at the date, or delete the swap.",
        example="""\
numbers: {"*": {to: duty/manager}}
duties:
  manager: {name: the manager, week: {mon-sun: 8000}, swaps: {2026-12-24: {8001: 8002}}}
extensions: {8000: , 8001: , 8002: }
""",
        says="warning: duties.manager.swaps.2026-12-24.8001: neither 8001 nor 8002 has this duty on that day: the "
        "swap changes nothing; is the date right?",
        may_be_allowed=True,
    ),
    Kind(
        "unreachable",
        "warning",
        rule="Every step can be come to by some caller.",
        why="Often a key was deleted and the department behind it forgotten: its callers reach the operator now.",
        mend="Lead a key, a number or an end to it, or delete it.",
        example="""\
departments: {sales: {name: Sales, ring: {phones: [8000]}}}
""",
        says="warning: departments.sales: no caller can come here; lead a key, a number or an end to it, or delete it",
        may_be_allowed=True,
    ),
    Kind(
        "unreachable-extension",
        "warning",
        rule="Every extension is rung by something, or can be dialled in some menu.",
        why="Its owner waits for calls that cannot come.",
        mend="Put it into a ring plan, let a menu dial directly (direct_dial: yes), or delete it.",
        example="""\
extensions: {8000: , 8101: }
""",
        says="warning: extensions.8101: nothing rings it and no menu dials directly; put it into a ring plan, or "
        "delete it",
        may_be_allowed=True,
    ),
    Kind(
        "unused",
        "warning",
        rule="Hours and templates that are written are used.",
        why="Somebody changes them and believes that callers notice.",
        mend="Use them, or delete them.",
        example="""\
hours: {summer: {mon-fri: 08:00-14:00}}
""",
        says="warning: hours.summer: nothing has these hours; name them where they belong, or delete them",
        may_be_allowed=True,
    ),
    Kind(
        "default-number",
        "note",
        rule='Numbers that are not written are answered as "*" says; without it, like the first.',
        why="A number that the carrier delivers in another form than it is written here is answered all the same.",
        mend='Write "*" to say otherwise.',
        example="""\
numbers: {"02085550100": {to: operator}}
""",
        says='note: numbers: every other number is answered as 02085550100; write "*" to say otherwise',
        may_be_allowed=True,
    ),
)
