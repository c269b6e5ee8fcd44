"""Kinds of findings: emergencies, tolls, PINs."""

from ivr.table.ids.kind import Kind

__all__ = ["KINDS"]

KINDS = (
    Kind(
        "emergency",
        "error",
        rule="No number and no extension of the house is an emergency number: 110 119 120 122 112 911 999, and "
        "those of "
        "`house.emergency`; nor does a range hold one.",
        why="Who dials 119 from a phone of the house must reach the fire brigade, never a colleague (rule F4).",
        mend="Give the phone another number; leave emergency numbers out of ranges.",
        example="""\
extensions: {8000: , 119: }
""",
        says="extensions.119: 119 is an emergency number; no extension of the house may have it, give it another",
    ),
    Kind(
        "emergency-like",
        "warning",
        rule="No extension begins like an emergency number, nor is the beginning of one.",
        why="A phone that sends digit by digit calls 120 while its owner is still dialling 1201, and ambulances "
        "come to "
        "nobody.",
        mend="Let extensions begin with another digit than 1 and 9.",
        example="""\
operator: {name: the operator, ring: {phones: [8000, 1201]}}
extensions: {8000: , 1201: }
""",
        says="warning: extensions.1201: a phone that dials digit by digit cannot tell 1201 from the emergency number "
        "120",
        may_be_allowed=True,
    ),
    Kind(
        "emergency-barred",
        "error",
        rule="No list of callers keeps the fire brigade, police or ambulance from reaching a person.",
        why="They call back the house they were called from, and the number they show is theirs. `1*` on a list of "
        "unwanted callers has 110, 119 and 120 on it, and every mobile of China.",
        mend="Write the numbers that are meant, in full; or lead this list to people.",
        example="""\
house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}}
callers: {unwanted: {numbers: ["1*"], to: goodbye}}
""",
        says="callers.unwanted.numbers[0]: 1* is also 110, 119, 120, 122, 112 calling back, who would come to "
        "goodbye; write the numbers that are meant in full, or lead this list to people",
    ),
    Kind(
        "emergency-rewritten",
        "error",
        rule="No phone of the house stands for an emergency number.",
        why="A colleague's call would be put through to the emergency service with the house's own number, and from a "
        "place that nobody there can know (rule F4).",
        mend="Delete it; emergency numbers are dialled, not rung by the line.",
        example="""\
house: {name: Acme, timezone: Asia/Hong_Kong, languages: {en: English}, gateway: trunk, toll: {countries: [HK]}}
operator: {name: the operator, ring: {phones: [8000, 8001]}}
extensions: {8000: , 8001: {outside: "+852999"}}
""",
        says="extensions.8001.outside: +852999 is the emergency number 999; emergencies are dialled, never rung by "
        "the line",
    ),
    Kind(
        "emergency-queued",
        "error",
        rule="A number with `emergency: yes` is answered at once and rings people at once, at every hour.",
        why="Nothing stands before help: no menu, no announcement, no music, no hours (rule F3). Afterwards, when "
        "all of "
        "them are busy, waiting is allowed.",
        mend="Lead the number to a department without hours, to a duty, or to the operator if he is always there.",
        example="""\
numbers:
  "02085550119": {to: hold/guard, emergency: yes}
  "*": {to: operator}
holds: {guard: {for: operator}}
""",
        says="numbers.02085550119.to: an emergency must ring people at once: hold/guard is a hold; lead to a "
        "department, an extension, a duty or the operator",
    ),
    Kind(
        "toll",
        "error",
        rule="Every number outside that a phone stands for is one that the house pays for: in the countries of "
        "`house.toll` (its own where none are named), no premium-rate number, or with one of its prefixes.",
        why="A forward to a number of one's own abroad is how switchboards are robbed, mostly at night and on "
        "holidays.",
        mend="Look whose number it is. If it is right, write its country or the beginning of it under `house.toll`.",
        example="""\
house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}, gateway: trunk}
operator: {name: the operator, ring: {phones: [8000, 8001]}}
extensions: {8000: , 8001: {outside: "+37120123456"}}
""",
        says="extensions.8001.outside: +37120123456 is a number of LV; house.toll allows CN. Whose is it?",
        may_be_allowed=True,
    ),
    Kind(
        "outside-number",
        "warning",
        rule="A number outside is one that exists, as far as the package `phonenumbers` knows.",
        why="One digit left out, and the night's emergency calls ring nowhere.",
        mend="Write it as it is dialled from abroad: +, the country, the number without its 0.",
        example="""\
house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}, gateway: trunk}
operator: {name: the operator, ring: {phones: [8000, 8001]}}
extensions: {8000: , 8001: {outside: "+861391234567"}}
""",
        says="warning: extensions.8001.outside: +861391234567 is no number that is given out in CN, as far as is "
        "known; look at its digits",
        may_be_allowed=True,
    ),
    Kind(
        "gateway",
        "error",
        rule="Where a phone stands for a number outside, `house.gateway` says through which gateway it is rung.",
        why="Without one it never rings.",
        mend="Write the gateway's name in FreeSWITCH: gateway: trunk.",
        example="""\
house: {name: Acme, country: CN, timezone: Asia/Shanghai, languages: {en: English}}
operator: {name: the operator, ring: {phones: [8000, 8001]}}
extensions: {8000: , 8001: {outside: "+8613912345678"}}
""",
        says="extensions.8001.outside: house.gateway is missing: through which gateway of FreeSWITCH is it rung?",
    ),
    Kind(
        "weak-pin",
        "warning",
        rule="A PIN has at least four digits, is no year and no extension of the house, and follows no pattern such as "
        "1234, 1111 or 1212.",
        why="Who guesses it closes the house from any telephone in the world. A caller has three tries in a call, "
        "and may "
        "call again.",
        mend="Take six digits from a die.",
        example="""\
numbers: {"02085550199": {to: switch/night}, "*": {to: operator, hours: office}}
hours: {office: {mon-fri: 09:00-18:00}}
switches: {night: {name: night, hours: [office], pin: 1234}}
""",
        says="warning: switches.night.pin: the PIN is a row of keys; take six digits from a die",
        may_be_allowed=True,
    ),
)
