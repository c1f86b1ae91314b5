"""Anchors: two journals that cite each other, and what the verifier says of them."""

import msgspec

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.system import HeadAnchored
from redstick_verify.anchors import anchors_of, check_anchors


def write(journal, kind="k", payload=b"{}"):
    """Append one line."""
    after = journal.head()
    position = after.position + 1
    digest, line = seal(after.hash, Envelope(position, 5, 5, kind, 1, "a", f"c{position}", "d", msgspec.Raw(payload)))
    journal.append([line], after, Head(position, digest))


def cite(journal, name, head):
    """Write down where another journal stands."""
    payload = b'{"journal":"%s","position_anchored":%d,"hash":"%s"}' % (
        name.encode(), head.position, head.hash.hex().encode(),
    )  # fmt: skip
    write(journal, HeadAnchored.event_kind, payload)


def numbered(journal):
    """Its lines with their positions."""
    return enumerate(journal.read(), start=1)


def checked(cited, citing):
    """What the verifier says of a journal that another cites."""
    return check_anchors("operations", numbered(cited), anchors_of(numbered(citing), "operations"))


def pair():
    """A journal of 20 lines, and another that cites it at 1, 4, 7, 10, 13, 16 and 19, as it cites a third."""
    cited, citing = MemoryJournal(), MemoryJournal()
    for number in range(20):
        write(cited, payload=b'{"n":%d}' % number)
        write(citing, payload=b'{"kernel.head_anchored":%d}' % number)
        if number % 3 == 0:
            cite(citing, "operations", cited.head())
            cite(citing, "council", Head(5))
    return cited, citing


def rewritten(journal, at, until=None):
    """The same journal with another line at one position, the chain made anew."""
    made = MemoryJournal()
    for position, line in list(numbered(journal))[:until]:
        stored = msgspec.json.decode(line[65:], type=Envelope)
        write(made, stored.kind, b'{"other":1}' if position == at else bytes(stored.payload))
    return made


def test_a_journal_that_is_as_it_was_cited_is_accepted():
    """All anchors are counted, and the newest cited position is told."""
    cited, citing = pair()
    assert checked(cited, citing) == {"anchors": 7, "anchored": 19, "first_bad": None}


def test_a_journal_rewritten_before_an_anchor_is_named():
    """A whole chain with one other line is refused by who cited it; behind the newest anchor it cannot be."""
    cited, citing = pair()
    assert checked(rewritten(cited, at=99), citing)["first_bad"] is None
    for at in range(1, 21):
        first = next((position for position in range(1, 20, 3) if position >= at), None)
        said = checked(rewritten(cited, at), citing)["first_bad"]
        assert (said is None) == (first is None)
        assert said is None or said.startswith(f"operations does not hold at position {first} what is cited at")


def test_a_journal_that_ends_before_what_was_cited_is_named():
    """A cited line that is not there is a fault, in an empty journal too."""
    cited, citing = pair()
    assert "at position 10 what" in checked(rewritten(cited, at=99, until=9), citing)["first_bad"]
    assert "at position 1 what" in checked(MemoryJournal(), citing)["first_bad"]


def test_a_journal_that_nobody_cites_is_held_to_nothing():
    """No anchor, no fault."""
    assert checked(pair()[0], MemoryJournal()) == {"anchors": 0, "anchored": 0, "first_bad": None}
