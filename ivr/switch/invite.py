"""What an INVITE leaves on a channel: the caller profile, and SIP's variables. Both may be hostile.

>>> profiled("x%0Ay ${system date}")
'x\\ny %{system date}'
"""

from collections.abc import Mapping
from urllib.parse import unquote

__all__ = ["profiled", "sip_variables"]


def profiled(value: str) -> str:
    """What mod_sofia makes of a name for the caller profile: percent-decoded, line feeds and all; `${` becomes `%{`."""
    return unquote(value, errors="surrogateescape").replace("${", "%{")


def sip_variables(
    to: str, frm: str, display: str, headers: Mapping[str, str], max_forwards: int, address: str
) -> dict[str, str]:
    """Variables of an INVITE. They keep what the caller sent literally; those with `${` are dropped when set."""
    host, _, port = address.rpartition(":")
    return {
        "session_id": "1",
        "sip_from_user": frm,
        "sip_from_port": port,
        "sip_from_uri": f"{frm}@{address}",
        "sip_from_host": host,
        "video_media_flow": "disabled",
        "text_media_flow": "disabled",
        "channel_name": f"sofia/internal/{unquote(frm, errors='surrogateescape')}@{address}",
        "sip_call_id": "1-1@127.0.0.1",
        "sip_local_network_addr": "127.0.0.1",
        "sip_network_ip": host,
        "sip_network_port": port,
        "sip_received_ip": host,
        "sip_received_port": port,
        "sip_via_protocol": "udp",
        "sip_from_user_stripped": frm,
        "sip_from_tag": "1t1",
        "sofia_profile_name": "internal",
        "sofia_profile_url": "sip:mod_sofia@127.0.0.1:5060",
        "recovery_profile_name": "internal",
        "sip_full_via": f"SIP/2.0/UDP {address};branch=z9hG4bK-1-1-0",
        "sip_from_display": display,
        "sip_full_from": f'"{display}" <sip:{frm}@{address}>;tag=1t1',
        "sip_full_to": f"<sip:{to}@127.0.0.1:5060>",
        "sip_req_user": to,
        "sip_req_port": "5060",
        "sip_req_uri": f"{to}@127.0.0.1:5060",
        "sip_req_host": "127.0.0.1",
        "sip_to_user": to,
        "sip_to_port": "5060",
        "sip_to_uri": f"{to}@127.0.0.1:5060",
        "sip_to_host": "127.0.0.1",
        "sip_contact_user": frm,
        "sip_contact_uri": f"{frm}@{address}",
        "sip_contact_host": host,
        "max_forwards": str(max_forwards),
        **{f"sip_h_{name}": value for name, value in headers.items()},
        "switch_r_sdp": "v=0\r\no=user1 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 7962 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        "a=fmtp:101 0-16\r\na=ptime:20\r\n",
        "ep_codec_string": "CORE_PCM_MODULE.PCMU@8000h@20i@64000b",
        "remote_media_ip": "127.0.0.1",
        "remote_media_port": "7962",
        "read_codec": "PCMU",
        "read_rate": "8000",
        "write_codec": "PCMU",
        "write_rate": "8000",
        "dtmf_type": "rfc2833",
        "endpoint_disposition": "RECEIVED",
    }
