"""The 49 torture messages of RFC 4475: each is served, refused with its code, or dropped, as the RFC says.

The endpoint is one that also registers. `SERVED` means that nothing in the message itself stands against serving it.
Where the RFC leaves a choice the third column says what we chose.
"""

import pytest

from redstick.protocols.faults import Malformed
from redstick.protocols.sip.checking import Abilities, discarded, refusal
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import read_message

SERVED, DROPPED = "served", "dropped"
ABILITIES = Abilities(methods=(*Abilities().methods, "REGISTER"))
VERDICTS = {
    "wsinv": (SERVED, "3.1.1.1"),
    "intmeth": (501, "3.1.1.2: well formed; a method that nobody knows"),
    "esc01": (SERVED, "3.1.1.3"),
    "escnull": (SERVED, "3.1.1.4"),
    "esc02": (501, "3.1.1.5: not to be taken for REGISTER"),
    "lwsdisp": (SERVED, "3.1.1.6"),
    "longreq": (SERVED, "3.1.1.7"),
    "dblreq": (SERVED, "3.1.1.8: what follows the REGISTER is left out"),
    "semiuri": (SERVED, "3.1.1.9"),
    "transports": (SERVED, "3.1.1.10"),
    "mpart01": (SERVED, "3.1.1.11"),
    "unreason": (SERVED, "3.1.1.12"),
    "noreason": (SERVED, "3.1.1.13"),
    "badinv01": (400, "3.1.2.1"),
    "clerr": (400, "3.1.2.2"),
    "ncl": (400, "3.1.2.3"),
    "scalar02": (400, "3.1.2.4"),
    "scalarlg": (DROPPED, "3.1.2.5"),
    "quotbal": (400, "3.1.2.6"),
    "ltgtruri": (400, "3.1.2.7"),
    "lwsruri": (400, "3.1.2.8"),
    "lwsstart": (SERVED, "3.1.2.9: spaces between the parts may be passed over"),
    "trws": (SERVED, "3.1.2.10: spaces at the end may be passed over"),
    "escruri": (400, "3.1.2.11"),
    "baddate": (SERVED, "3.1.2.12: a Date that we do not need costs no call"),
    "regbadct": (400, "3.1.2.13"),
    "badaspec": (SERVED, "3.1.2.14: spaces within the brackets may be passed over"),
    "baddn": (SERVED, "3.1.2.15: quotes may be inferred"),
    "badvers": (505, "3.1.2.16"),
    "mismatch01": (400, "3.1.2.17"),
    "mismatch02": (400, "3.1.2.18: or 501"),
    "bigcode": (DROPPED, "3.1.2.19"),
    "badbranch": (SERVED, "3.2.1: by the older rule of matching"),
    "insuf": (400, "3.3.1"),
    "unkscm": (416, "3.3.2"),
    "novelsc": (416, "3.3.3: never a destination here"),
    "unksm2": (400, "3.3.4: as a registrar"),
    "bext01": (420, "3.3.5"),
    "invut": (415, "3.3.6"),
    "regaut01": (SERVED, "3.3.7: the registrar then asks for credentials that it knows"),
    "multi01": (400, "3.3.8"),
    "mcl01": (400, "3.3.9"),
    "bcast": (DROPPED, "3.3.10"),
    "zeromf": (SERVED, "3.3.11: an endpoint forwards nothing"),
    "cparam01": (SERVED, "3.3.12"),
    "cparam02": (SERVED, "3.3.13"),
    "regescrt": (SERVED, "3.3.14"),
    "sdp01": (406, "3.3.15"),
    "inv2543": (SERVED, "3.4.1"),
}


def verdict(data):
    """What becomes of the bytes."""
    try:
        message = read_message(data)
    except Malformed:
        return DROPPED
    if not isinstance(message, Request):
        return SERVED if discarded(message) is None else DROPPED
    refused = refusal(message, ABILITIES)
    return SERVED if refused is None else refused.code


def test_every_message_has_its_verdict(third_party):
    """The table names each of the 49 files and no other."""
    assert {path.stem for path in third_party("sip/rfc4475").glob("*.dat")} == VERDICTS.keys()
    assert len(VERDICTS) == 49


@pytest.mark.parametrize("name", VERDICTS)
def test_a_torture_message_meets_the_verdict_of_the_rfc(third_party, name):
    """Served, refused with its code, or dropped."""
    assert verdict((third_party("sip/rfc4475") / f"{name}.dat").read_bytes()) == VERDICTS[name][0]


def test_a_refusal_names_its_place_and_what_goes_with_it(third_party):
    """420 lists what is not supported (never what is asked of proxies), 415 what is; 400 names the header."""
    folder = third_party("sip/rfc4475")
    bext01 = refusal(read_message((folder / "bext01.dat").read_bytes()), ABILITIES)
    assert bext01.headers == (("Unsupported", "nothingSupportsThis, nothingSupportsThisEither"),)
    invut = refusal(read_message((folder / "invut.dat").read_bytes()), ABILITIES)
    assert ("Accept", "application/sdp, multipart/mixed") in invut.headers
    quotbal = refusal(read_message((folder / "quotbal.dat").read_bytes()), ABILITIES)
    assert quotbal.fault.place == "To (display name)"


def test_octets_behind_the_length_belong_to_nobody(third_party):
    """The INVITE within the datagram of a REGISTER is not seen (3.1.1.8)."""
    message = read_message((third_party("sip/rfc4475") / "dblreq.dat").read_bytes())
    assert message.method == "REGISTER"
    assert message.body == b""
