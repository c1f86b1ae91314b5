"""Voice in cipher: what one side seals only the other opens, and what goes over the wire is not what was said."""

import asyncio
import ssl
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.voice.test_engine import Desk, certificate

from redstick.adapters.voice.g711 import PACKET_SAMPLES
from redstick.adapters.voice.sdes import SUITES, Shield, cryptos_of, fresh, offers
from redstick.adapters.voice.tones import WAITING
from redstick.comms.ports import Answered, Offer
from redstick.protocols.sdp.session import Media, read_sdp

KEY = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"  # of the example in RFC 4568, section 9.1


def media(*lines):
    """A stream with these lines of crypto."""
    attributes = tuple(("crypto", line) for line in lines)
    return Media(kind="audio", port=5004, transport="RTP/SAVP", formats=("0",), attributes=attributes)


def packet(number, payload=b"\x01" * PACKET_SAMPLES):
    """RTP."""
    return struct.pack(">BBHII", 0x80, 0, number, number * PACKET_SAMPLES, 7) + payload


@pytest.mark.parametrize("suite", SUITES)
def test_what_one_seals_the_other_opens_and_once_only(suite):
    """Nothing of what was said stands in the packet; the same packet again, or a changed one, is none."""
    ours, theirs = fresh("1", suite), fresh("1", suite)
    one, two = Shield(ours, theirs), Shield(theirs, ours)
    for number in range(1, 20):
        sealed = one.sealed(packet(number))
        assert packet(number)[12:40] not in sealed
        assert two.opened(sealed) == packet(number)
        assert two.opened(sealed) is None
    changed = bytearray(one.sealed(packet(30)))
    changed[20] ^= 1
    assert two.opened(bytes(changed)) is None
    assert two.opened(packet(31)) is None  # in the clear
    assert Shield(fresh("1", suite), fresh("1", suite)).opened(one.sealed(packet(32))) is None


@given(st.binary(max_size=2_000))
def test_no_bytes_from_the_network_raise(data):
    """Whatever comes is a packet or none."""
    assert Shield(fresh("1", next(iter(SUITES))), fresh("1", next(iter(SUITES)))).opened(data) is None


def test_lines_of_crypto_are_taken_in_order_and_those_we_cannot_use_left_out():
    """A lifetime may stand there; another suite, a short key, session parameters or an MKI are not for us."""
    good = f"1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20"
    found = cryptos_of(
        media(
            f"4 AES_256_CM_HMAC_SHA1_80 inline:{KEY}", good, "2 AES_CM_128_HMAC_SHA1_32 inline:c2hvcnQ=",
            f"3 AES_CM_128_HMAC_SHA1_32 inline:{KEY} UNENCRYPTED_SRTP",
            f"5 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4", "nonsense", "",
        )
    )  # fmt: skip
    assert [str(one) for one in found] == [f"1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"]
    assert cryptos_of(media(*map(str, offers())))[0].suite == "AES_CM_128_HMAC_SHA1_80"
    assert len({one.master for one in offers() + offers()}) == 2 * len(SUITES)


@pytest.mark.sockets
def test_a_call_over_tls_is_spoken_in_cipher_and_both_hear(tmp_path):
    """Offered and answered with keys of either side's own; energy and packets at both ends."""
    pem = certificate(tmp_path)

    async def lived():
        trust = ssl.create_default_context(cafile=str(tmp_path / "c.pem"))
        async with Desk(pem, trust=trust) as one, Desk(pem) as two:
            target = f"sip:4001@127.0.0.1:{two.at['tls'][1]};transport=tls"
            assert await one.engine.originate("out", target, "sip:me@psap.example")
            await one.until(lambda: one.of(Answered))
            one.engine.play("out", WAITING)
            for desk, leg in ((one, "out"), (two, "leg1")):
                await desk.until(lambda d=desk, n=leg: d.engine.stats(n).packets_in > 20)
                assert desk.engine.stats(leg).energy > 0.05
                assert desk.engine.stats(leg).refused == 0
            offered = read_sdp(two.of(Offer)[0].arrival.message.partition("\r\n\r\n")[2].encode())
            assert [(m.transport, len(cryptos_of(m))) for m in offered.media] == [("RTP/SAVP", 2)]

    asyncio.run(lived())


@pytest.mark.sockets
def test_a_caller_in_cipher_is_answered_with_one_key_and_one_in_the_clear_in_the_clear():
    """The first line that we can use, its tag and suite in the answer; on a 911 line too, whatever carried it."""

    async def lived():
        async with Desk() as desk:
            caller = await desk.caller()
            secured = (
                caller.offer().replace("RTP/AVP", "RTP/SAVP") + f"a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:{KEY}\r\n"
            )
            answer = await caller.call(secured)
            [taken] = read_sdp(answer.body).media
            assert (taken.transport, [(one.tag, one.suite) for one in cryptos_of(taken)]) == (
                "RTP/SAVP", [("7", "AES_CM_128_HMAC_SHA1_32")],
            )  # fmt: skip
            caller.speak(5)  # not in cipher: refused and counted
            await desk.until(lambda: desk.engine.stats("leg1").refused == 5)
            other = await desk.caller(2)
            plain = read_sdp((await other.call()).body).media[0]
            assert (plain.transport, cryptos_of(plain)) == ("RTP/AVP", [])
            third = await desk.caller(3)
            bare = third.offer().replace("RTP/AVP", "RTP/SAVP")
            assert (await third.call(bare)).code == 488

    asyncio.run(lived())
