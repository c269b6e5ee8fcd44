"""Kinds of findings: menus that callers get lost in."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "swallowed",
        "error",
        rule="In a menu with `direct_dial`, no key is the first digit of an extension.",
        why="The line waits 1.5 s for the next digit and then takes the key. Who reads the extension from a card, "
        "or brings "
        "up the keypad of a mobile, is slower, and lands where he did not want to go, each time.",
        mend="Use a digit for the key that no extension begins with, or *; or allow it where you know your callers.",
        example="""\
numbers: {"*": {to: menu/main}}
menus: {main: {direct_dial: yes, keys: {8: message/operator, 0: operator}}}
""",
        says="menus.main.keys.8: extension 8000 begins with 8 too: who dials slower than 1.5 s between digits is led "
        "to message/operator; take another key",
        may_be_allowed=True,
    ),
    Kind(
        "many-keys",
        "warning",
        rule="A menu has at most five choices. Languages, the operator and ways back do not count.",
        why="At the sixth the first is forgotten, and callers press 0.",
        mend="Lead the rarer ones to a second menu.",
        example="""\
numbers: {"*": {to: menu/main}}
menus:
  main:
    keys: {1: extension/8001, 2: extension/8002, 3: extension/8003, 4: extension/8004, 5: extension/8005,
           6: extension/8006, 0: operator}
extensions: {8000: , 8001: , 8002: , 8003: , 8004: , 8005: , 8006: }
""",
        says="warning: menus.main.keys: 6 choices are more than callers remember; lead the rarer ones to a second menu",
        may_be_allowed=True,
    ),
    Kind(
        "key-order",
        "warning",
        rule="Keys are offered in their order: 1 to 9, then 0 and *.",
        why="A menu reads them as they are written. Who hears two after three believes that he missed something, "
        "and waits "
        "for the menu to begin again.",
        mend="Write them in order, or put what is asked for most on 1.",
        example="""\
numbers: {"*": {to: menu/main}}
menus: {main: {keys: {2: extension/8002, 1: extension/8001, 0: operator}}}
extensions: {8000: , 8001: , 8002: }
""",
        says="warning: menus.main.keys.1: key 1 is offered after key 2; callers expect 1 to 9, then 0 and *",
        may_be_allowed=True,
    ),
    Kind(
        "no-operator",
        "warning",
        rule="The operator is offered by the second failure: a key leads to him, or silence and wrong keys do after "
        "two "
        "tries at most.",
        why="Who does not get on with a menu the second time will not the third time (rule A5).",
        mend="Add `0: operator` to the keys.",
        example="""\
numbers: {"*": {to: menu/main}}
menus: {main: {keys: {1: extension/8001}}}
extensions: {8000: , 8001: }
""",
        says="warning: menus.main: who fails twice is not offered the operator; add the key 0: operator",
        may_be_allowed=True,
    ),
    Kind(
        "no-language-key",
        "warning",
        rule="Where the language a caller has chosen is remembered, a key of some menu chooses one.",
        why="Without one `remember_language` does nothing, and callers are greeted in the wrong language each time.",
        mend="Add a key such as `9: language/en` to a menu, or delete `remember_language`.",
        example="""\
house: {name: Acme, timezone: Asia/Shanghai, languages: {zh: 普通话, en: English}, remember_language: yes}
""",
        says="warning: house.remember_language: no key of a menu changes the language, so that none is ever "
        "remembered; add a key such as 9: language/en, or delete this",
        may_be_allowed=True,
    ),
    Kind(
        "no-name",
        "error",
        rule="What a key leads to has a name that the menu can read out.",
        why="For ... press one: callers would hear the name of the house instead.",
        mend="Give it a name; or give the menu a prompt of its own.",
        example="""\
numbers: {"*": {to: menu/main}}
menus: {main: {keys: {1: announcement/parking, 0: operator}}}
announcements: {parking: {say: Parking is free.}}
""",
        says="menus.main.keys.1: announcement/parking is offered by this key and has no name to read out; give it a "
        "name",
    ),
)
