"""Callers by SIPp: many at once, each with one RTP stream of silence, tone and RFC 2833 keys out of a pcap file.

SIPp does not listen; where hearing matters there is caller.py. SIPp sends RTP by a raw socket and so needs root.
"""

import os
import shutil
import struct
import subprocess
from pathlib import Path

from ivr.telephones.media import KEY_EVENT, KEYS
from tests.live import sound

_SILENT = b"\xff" * sound.PACKET


def why_not() -> str:
    """Why SIPp can't be used here; empty if it can."""
    if not shutil.which("sipp"):
        return "no sipp on this machine (Debian: sip-tester)"
    return "" if os.geteuid() == 0 else "sipp plays RTP through a raw socket: run as root"


def script(*parts: tuple[str, float | str]) -> list[tuple[float, int, bool, int, bytes]]:
    """("silence", 2.0), ("tone", 1.5), ("keys", "1#") as packets: when, payload type, marker, timestamp, payload.

    >>> len(script(("silence", 1.0), ("keys", "1")))
    63
    """
    packets: list[tuple[float, int, bool, int, bytes]] = []
    ticks = 0

    def audio(ulaw: bytes) -> None:
        nonlocal ticks
        for at in range(0, len(ulaw) - sound.PACKET + 1, sound.PACKET):
            packets.append((ticks * 0.02, 0, False, ticks * sound.PACKET, ulaw[at : at + sound.PACKET]))
            ticks += 1

    for what, value in parts:
        if what == "silence":
            audio(_SILENT * round(float(value) * 50))
        elif what == "tone":
            audio(sound.encode(sound.tone(440, float(value))))
        for key in str(value) if what == "keys" else "":
            began = ticks * sound.PACKET
            for step in range(1, 6):
                payload = struct.pack("!BBH", KEYS.index(key), 10, step * sound.PACKET)
                packets.append((ticks * 0.02, KEY_EVENT, step == 1, began, payload))
                ticks += 1
            for last in range(3):
                payload = struct.pack("!BBH", KEYS.index(key), 0x80 | 10, 5 * sound.PACKET)
                packets.append((ticks * 0.02 + last / 1000, KEY_EVENT, False, began, payload))
            audio(_SILENT * 5)
    return packets


def write_pcap(path: Path, packets) -> float:
    """The packets as Ethernet, IPv4, UDP, RTP; how long they last. SIPp writes its own addresses over ours."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, (at, kind, marker, stamp, payload) in enumerate(packets):
            rtp = struct.pack("!BBHII", 0x80, kind | (0x80 if marker else 0), number & 0xFFFF, stamp, 1) + payload
            udp = struct.pack("!HHHH", 6000, 6000, 8 + len(rtp), 0) + rtp
            home = bytes((127, 0, 0, 1))
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, 17, 0, home, home) + udp
            frame = bytes(12) + b"\x08\x00" + ip
            file.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)
    return packets[-1][0]


SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="calls, plays its part, hangs up">
  <send retrans="500"><![CDATA[
    INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: "SIPp" <sip:1380013800[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:sipp@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=sipp 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [auto_media_port] RTP/AVP 0 101
    a=rtpmap:0 PCMU/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-16
    a=ptime:20
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
    ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: "SIPp" <sip:1380013800[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <nop><action><exec play_pcap_audio="PCAP"/></action></nop>
  <pause milliseconds="MILLISECONDS"/>
  <send retrans="500"><![CDATA[
    BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: "SIPp" <sip:1380013800[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 2 BYE
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
"""


def call(switch, number: str, packets, folder: Path, *, calls: int = 1) -> None:
    """So many callers, ten a second, each playing the packets and then hanging up."""
    folder.mkdir(parents=True, exist_ok=True)
    seconds = write_pcap(folder / "part.pcap", packets)
    scenario = SCENARIO.replace("PCAP", str(folder / "part.pcap")).replace("MILLISECONDS", str(int(seconds * 1000)))
    (folder / "scenario.xml").write_text(scenario)
    done = subprocess.run(
        ["sipp", "-sf", str(folder / "scenario.xml"), "-s", number, "-i", "127.0.0.1", "-mi", "127.0.0.1",
         "-m", str(calls), "-l", str(calls), "-r", "10", "-nostdin", "-trace_err",
         "-error_file", str(folder / "errors"), f"{switch[0]}:{switch[1]}"],
        capture_output=True, text=True, timeout=seconds + 60, cwd=folder,
    )  # fmt: skip
    errors = (folder / "errors").read_text(errors="replace")[:2000] if (folder / "errors").exists() else ""
    assert done.returncode == 0, f"sipp: exit {done.returncode}\n{errors}\n{done.stdout[-2000:]}"
