"""The notary: signs what is durable, holds the journal to what it signed, and never stands in the way."""

import pytest
from tests.kernel.proof import naive
from tests.kernel.proof.conftest import FIRST, SECOND, append, lines_behind

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.envelope import Head
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.proof.attested import Attested
from redstick.kernel.proof.nodes import NAME as NODES
from redstick.kernel.proof.statements import Ed25519Signer, KeyHistory, key_id

NOON = 1_700_000_000_000


def heads_of(desk):
    """The signed heads, oldest first, each verified."""
    keys = KeyHistory("operations", desk.heads.keys())
    return [keys.head(line) for line in desk.heads.newest()][::-1]


def test_a_head_says_where_the_journal_stands(desk):
    """Position, chain hash and root over all lines, signed by the key whose statement comes first."""
    lines, head = append(desk.journal, 9)
    signed = desk.notary().sign(NOON)
    assert (signed.position, signed.chain, signed.recorded_at) == (9, head.hash.hex(), NOON)
    assert signed.root == naive.root(lines).hex()
    assert heads_of(desk) == [signed]


def test_heads_are_signed_at_an_interval(desk):
    """Not before the interval has passed, then also when nothing happened: a head that is missing tells something."""
    notary = desk.notary(interval_ms=1000)
    assert notary.tick(NOON) is None
    journal = Attested(desk.journal, notary, lambda: NOON)
    append(journal, 3)
    assert notary.tick(NOON).position == 3
    append(journal, 2)
    assert notary.tick(NOON + 999) is None
    assert notary.tick(NOON + 1000).position == 5
    assert notary.tick(NOON + 2000).position == 5
    assert [head.recorded_at for head in heads_of(desk)] == [NOON, NOON + 1000, NOON + 2000]


def test_statements_do_not_go_back_with_the_clock(desk):
    """A head signed after the clock was set back bears the time of the one before it."""
    append(desk.journal, 3)
    notary = desk.notary()
    assert [notary.sign(NOON).recorded_at, notary.sign(NOON - 99).recorded_at] == [NOON, NOON]
    assert desk.notary().sign(NOON - 99).recorded_at == NOON


def test_nothing_is_signed_that_the_journal_did_not_confirm(desk):
    """Lines whose append was refused or not answered never reach a head."""

    class Unanswered(MemoryJournal):
        def append(self, lines, after, head):
            super().append(lines, after, head)
            raise Unavailable("no answer")

    desk.journal = Unanswered()
    notary = desk.notary()
    journal = Attested(desk.journal, notary, lambda: NOON)
    lines, head = lines_behind(Head(), 4)
    with pytest.raises(Unavailable):
        journal.append(lines, Head(), head)
    assert (notary.size, notary.sign(NOON)) == (0, None)


@pytest.mark.parametrize("more", [0, 1, 30])
def test_a_restart_goes_on_where_it_was(desk, more):
    """After a restart the next root is that over all lines, whether the node file had the newest of them or not."""
    lines, _ = append(desk.journal, 21)
    first = desk.notary()
    first.sign(NOON)
    later, _ = append(desk.journal, 8)
    if more:
        first.take(later)
    behind, _ = append(desk.journal, more)
    signed = desk.notary().sign(NOON + 1)
    assert signed.root == naive.root(lines + later + behind).hex()


@pytest.mark.parametrize("damage", ["gone", "cut", "zeros", "flipped"])
def test_a_damaged_node_file_is_made_anew_from_the_journal(desk, damage):
    """What the newest signed head does not vouch for is rebuilt; the root is right nevertheless."""
    lines, _ = append(desk.journal, 21)
    desk.notary().sign(NOON)
    path = desk.folder / NODES
    whole = path.read_bytes()
    path.write_bytes(
        {"gone": b"", "cut": whole[:700], "zeros": whole[:700] + bytes(900), "flipped": whole[:-2] + b"xx"}[damage]
    )
    later, _ = append(desk.journal, 3)
    notary = desk.notary()
    assert notary.sign(NOON + 1).root == naive.root(lines + later).hex()
    assert notary._nodes.fault(enumerate(lines + later, start=1), 24) is None


@pytest.mark.parametrize("nodes_kept", [True, False])
@pytest.mark.parametrize("count", [20, 21, 30])
def test_a_rewritten_journal_is_refused(desk, nodes_kept, count):
    """Another history under signed heads, shorter, as long or longer, raises Corruption, with the node file or not."""
    append(desk.journal, 21)
    desk.notary().sign(NOON)
    desk.rewrite(count, b'{"other":1}')
    if not nodes_kept:
        (desk.folder / NODES).unlink()
    with pytest.raises(Corruption, match="21"):
        desk.notary()


def test_a_journal_that_lost_signed_lines_is_refused(desk):
    """An end before the newest signed head raises Corruption that names both positions."""
    append(desk.journal, 21)
    desk.notary().sign(NOON)
    desk.rewrite(9, b"{}")
    (desk.folder / NODES).unlink()
    with pytest.raises(Corruption, match="position 21 was signed and the journal ends at 9"):
        desk.notary()


class Behind(MemoryJournal):
    """A journal that goes on behind a break: some positions cannot be read any more."""

    def __init__(self, lines, head):
        super().__init__()
        self._stored, self._head = lines, head

    def read(self, after=0):
        """The lines that can be read."""
        yield from (line for position, line in self._stored if position > after)


@pytest.mark.parametrize("nodes_kept", [True, False])
def test_lost_lines_keep_their_leaves_as_long_as_the_node_file_does(desk, nodes_kept):
    """Behind a known break the tree goes on; with the node file it still is the tree that was signed before."""
    lines, _ = append(desk.journal, 12)
    desk.notary().sign(NOON)
    behind, head = lines_behind(Head(14, bytes(32)), 2)  # positions 15 and 16: 13 and 14 were never used
    kept = [(i + 1, line) for i, line in enumerate(lines) if i not in {7, 11}]
    desk.journal = Behind([*kept, (15, behind[0]), (16, behind[1])], head)
    if not nodes_kept:
        (desk.folder / NODES).unlink()
    with pytest.raises(Corruption, match="signed"):
        desk.notary()
    notary = desk.notary(go_on=True)
    signed = notary.sign(NOON + 1)
    if not nodes_kept:
        lines[7] = lines[11] = b""
    assert notary.disagreement
    assert signed.position == 16
    assert signed.root == naive.root([*lines, b"", b"", *behind]).hex()
    assert desk.notary().disagreement is None


def test_a_key_is_changed_by_a_statement_of_the_old_one(desk):
    """After a rotation the new key signs, with new lines or without; the old one may not, and a restart knows it."""
    append(desk.journal, 4)
    notary = desk.notary()
    notary.rotate(SECOND, NOON)
    assert notary.sign(NOON + 1).key == key_id(SECOND.public)
    append(desk.journal, 2)
    notary.take([*desk.journal.read(4)])
    notary.sign(NOON + 2)
    assert [head.position for head in heads_of(desk)] == [4, 4, 6]
    assert len(desk.heads.keys()) == 2
    with pytest.raises(Unavailable, match="another key"):
        desk.notary(FIRST)
    assert desk.notary(SECOND).signed.position == 6


def test_a_stranger_s_key_is_refused(desk):
    """A signer that no statement named cannot open the heads of a journal."""
    append(desk.journal, 4)
    desk.notary().sign(NOON)
    with pytest.raises(Unavailable, match="another key"):
        desk.notary(Ed25519Signer(b"s" * 32))


@pytest.mark.parametrize("part", ["_nodes", "_heads"])
def test_a_failing_disk_stops_the_signing_and_nothing_else(desk, part, monkeypatch):
    """Appends go on; no further head is signed; `failed` says why."""
    notary = desk.notary()
    journal = Attested(desk.journal, notary, lambda: NOON)
    append(journal, 3)

    def fail(*arguments):
        raise OSError("no space")

    broken = notary._nodes if part == "_nodes" else desk.heads._heads._file
    monkeypatch.setattr(broken, "sync" if part == "_nodes" else "write_at", fail)
    assert notary.sign(NOON) is None
    assert "no space" in notary.failed
    append(journal, 3)
    assert desk.journal.head().position == 6
    monkeypatch.undo()
    assert notary.sign(NOON) is None
    assert desk.notary().sign(NOON).position == 6


def test_the_heads_of_another_journal_are_refused(desk):
    """A statement speaks of the journal that it names."""
    append(desk.journal, 4)
    desk.notary().sign(NOON)
    with pytest.raises(Corruption, match="not a statement"):
        KeyHistory("council", desk.heads.keys())


def test_lines_out_of_order_are_a_programming_fault(desk):
    """A line that was taken already, or an older one, raises ValueError."""
    lines, _ = append(desk.journal, 4)
    notary = desk.notary()
    with pytest.raises(ValueError, match="behind position 4"):
        notary.take(lines[-1:])
