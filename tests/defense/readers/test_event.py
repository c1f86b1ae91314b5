"""The account of what a reader received."""

from redstick.defense.readers.event import Tally


def test_the_account_adds_up_and_says_why():
    """Received is decoded, spared and lost; two files together are the sum of both."""
    one, two = Tally(received=3, decoded=2, spared=1), Tally()
    two.lose("torn", 2)
    two.repairs["broken UTF-8"] += 1
    one.add(two)
    assert one.received == one.decoded + one.spared + one.lost == 5
    assert one.as_json() == {
        "received": 5,
        "decoded": 2,
        "spared": 1,
        "lost": 2,
        "losses": {"torn": 2},
        "repairs": {"broken UTF-8": 1},
    }
