"""G.711: the values of the standard's tables, and what follows from them."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.g711 import LOUDEST, PCMA, PCMU, table_between

SAMPLES = st.integers(-LOUDEST, LOUDEST - 1)
# Values at the ends of each segment, as tables 2a and 1a of ITU-T G.711 list them (14 and 13 bits, uniform code).
MU_ENDS = {0x80: 8031, 0x8F: 4191, 0x9F: 2079, 0xAF: 1023, 0xBF: 495, 0xCF: 231, 0xDF: 99, 0xEF: 33, 0xFE: 2, 0xFF: 0}
A_ENDS = {0xAA: 4032, 0xA5: 2112, 0xBA: 2016, 0x8A: 1008, 0x9A: 504, 0xEA: 252, 0xFA: 126, 0xCA: 63, 0xD5: 1}


def test_the_laws_are_those_of_the_tables():
    """Positive values at the ends of the segments; the negative ones are the same with the sign turned."""
    assert {octet: PCMU.samples[octet] // 4 for octet in MU_ENDS} == MU_ENDS
    assert {octet: PCMA.samples[octet] // 8 for octet in A_ENDS} == A_ENDS
    for law in (PCMU, PCMA):
        assert all(law.samples[octet ^ 0x80] == -law.samples[octet] for octet in range(256))
        assert len(set(law.samples)) == (255 if law is PCMU else 256)


def test_an_octet_decoded_and_encoded_is_itself():
    """But for the negative zero of mu-law, which becomes the positive one: silence is 0xFF."""
    every = bytes(range(256))
    assert PCMA.encode(PCMA.decode(every)) == every
    assert PCMU.encode(PCMU.decode(every)) == every.replace(b"\x7f", b"\xff")
    assert PCMU.encode((0,)) == b"\xff"
    assert abs(PCMA.samples[PCMA.silence]) == 8


@given(SAMPLES)
def test_a_sample_becomes_the_nearest_that_there_is(sample):
    """No other octet of the law is nearer, in either law."""
    for law in (PCMU, PCMA):
        [octet] = law.encode((sample,))
        assert abs(law.samples[octet] - sample) == min(abs(other - sample) for other in law.samples)


def test_from_one_law_to_the_other_nothing_but_steps_is_lost():
    """Each octet becomes the nearest of the other law; to the same law it stays as it is."""
    table = table_between(PCMU, PCMA)
    for octet in range(256):
        sample = PCMU.samples[octet]
        assert abs(PCMA.samples[table[octet]] - sample) == min(abs(other - sample) for other in PCMA.samples)
    assert table_between(PCMA, PCMA) == bytes(range(256))
