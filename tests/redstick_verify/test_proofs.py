"""Evidence and anchors, checked by the verifier: what it accepts, and what it never accepts."""

import json
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from redstick.adapters.disk import PosixDisk
from redstick.adapters.heads import FileHeads
from redstick.adapters.memory import MemoryJournal
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.proof import evidence, paths
from redstick.kernel.proof.attested import Attested
from redstick.kernel.proof.nodes import NAME as NODES
from redstick.kernel.proof.nodes import Nodes
from redstick.kernel.proof.notary import Notary
from redstick.kernel.proof.statements import Ed25519Signer, HeadStatement, KeyHistory, KeyStatement, key_id, sign
from redstick_verify import proofs

FIRST, SECOND = Ed25519Signer(bytes(range(32))), Ed25519Signer(bytes(range(1, 33)))


def append(journal, payloads, kind="k"):
    """Append one line a payload."""
    for payload in payloads:
        after = journal.head()
        position = after.position + 1
        digest, line = seal(after.hash, Envelope(position, 5, 5, kind, 1, "a", f"c{position}", "d", payload))
        journal.append([line], after, Head(position, digest))


class Signed:
    """A journal with heads signed at positions 7, 20 and 33; the key is changed at 20."""

    def __init__(self, folder):
        disk = PosixDisk(folder)
        self.journal, self.heads = MemoryJournal(), FileHeads(disk)
        notary = Notary("operations", self.journal, disk, self.heads, FIRST)
        attested = Attested(self.journal, notary, lambda: 0)
        for count in (7, 13, 13):
            append(attested, [b'{"n":%d}' % number for number in range(count)])
            if attested.head().position == 20:
                notary.rotate(SECOND, 20)
            else:
                notary.sign(attested.head().position)
        self.nodes = Nodes(disk)
        self.keys = KeyHistory("operations", self.heads.keys())
        self.lines = list(self.journal.read())
        self.newest = list(self.heads.newest())

    @property
    def numbered(self):
        """Lines with their positions."""
        return list(enumerate(self.lines, start=1))

    def inclusion(self, position, head=0):
        """Evidence as its reader gets it."""
        made = evidence.prove_inclusion(position, self.lines[position - 1], self.newest[head], self.nodes, self.keys)
        return evidence.as_json(made)

    def consistency(self, old, new):
        """Evidence as its reader gets it."""
        made = evidence.prove_consistency(self.newest[old], self.newest[new], self.nodes, self.keys)
        return evidence.as_json(made)


@pytest.fixture
def signed(tmp_path):
    return Signed(tmp_path)


def test_every_record_is_proven_to_who_holds_a_key(signed):
    """Each line has evidence under each head that covers it, for who trusts the first key or a later one."""
    for head, size in ((0, 33), (1, 20), (2, 7)):
        for position in range(1, size + 1):
            found = proofs.check_evidence(json.loads(signed.inclusion(position, head)), FIRST.public)
            assert (found["position"], found["record"]["position"]) == (position, position)
            assert (found["journal"], found["head"]["position"]) == ("operations", size)
    assert proofs.check_evidence(json.loads(signed.inclusion(3)), SECOND.public)["position"] == 3


def test_a_later_key_does_not_vouch_for_what_came_before_it(signed):
    """Who trusts the second key only cannot be shown a head of the first."""
    with pytest.raises(proofs.Fault, match="no trusted key"):
        proofs.check_evidence(json.loads(signed.inclusion(3, head=1)), SECOND.public)


def test_evidence_is_small(signed):
    """One record of a million lines is a few kilobytes: the path is as long as the size has bits."""
    path = json.loads(signed.inclusion(1))["path"]
    assert len(path) == (33 - 1).bit_length()
    assert len(signed.inclusion(1)) < 3000


@pytest.mark.parametrize("make", [lambda signed: signed.inclusion(9), lambda signed: signed.consistency(1, 0)])
def test_no_evidence_survives_a_change(signed, make):
    """One character of a value changed anywhere, of 400 tried, and nothing is proven."""
    generator, whole = random.Random(7), json.loads(make(signed))
    assert proofs.check_evidence(whole, FIRST.public)
    for _ in range(400):
        changed = json.loads(make(signed))
        name = generator.choice([name for name in changed if name not in {"proves", "redstick_proof"}])
        changed[name] = other(changed[name], generator)
        with pytest.raises(proofs.Fault):
            proofs.check_evidence(changed, FIRST.public)


def other(value, generator):
    """Nearly the same value."""
    if isinstance(value, int):
        return value + generator.choice((-1, 1))
    if isinstance(value, list):
        at = generator.randrange(len(value))
        return [*value[:at], other(value[at], generator), *value[at + 1 :]]
    at = generator.randrange(len(value))
    return value[:at] + chr(ord(value[at]) ^ 1 << generator.randrange(5)) + value[at + 1 :]


@pytest.mark.parametrize("name", ["position", "line", "path", "head", "keys", "proves", "redstick_proof"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, ["x"], [7], [None], -1, True])
def test_what_is_not_evidence_is_refused_in_words(signed, name, value):
    """Whatever stands in a field, the answer is a Fault and never another exception."""
    offered = json.loads(signed.inclusion(9))
    for changed in ({**offered, name: value}, {key: offered[key] for key in offered if key != name}):
        with pytest.raises(proofs.Fault):
            proofs.check_evidence(changed, FIRST.public)


@pytest.mark.parametrize("offered", [None, 7, "x", [], {}, {"redstick_proof": 1}, {"redstick_proof": 2}])
def test_any_json_is_refused_in_words(offered):
    """What is not evidence at all is a Fault too."""
    with pytest.raises(proofs.Fault):
        proofs.check_evidence(offered, FIRST.public)


def test_another_s_key_proves_nothing(signed):
    """A public key that no statement names is refused."""
    with pytest.raises(proofs.Fault, match="none of this journal's"):
        proofs.check_evidence(json.loads(signed.inclusion(9)), Ed25519Signer(b"s" * 32).public)


def test_a_stranger_cannot_make_himself_the_next_key(signed):
    """A statement that names a key is refused unless the key before it signed it."""
    stranger = Ed25519Signer(b"s" * 32)
    named = KeyStatement("operations", 33, stranger.public.hex(), 5, key_id(SECOND.public))
    with pytest.raises(proofs.Fault, match="should have"):
        proofs.Keys([*signed.keys.lines, sign(named, stranger)], FIRST.public)
    own = KeyStatement("operations", 0, stranger.public.hex(), 5, key_id(stranger.public))
    with pytest.raises(proofs.Fault, match="should have"):
        proofs.Keys([sign(own, stranger), *signed.keys.lines], stranger.public)


def test_an_old_key_does_not_speak_for_what_comes_after_it(signed):
    """A head behind the rotation that the old key signed is refused."""
    head = signed.keys.head(signed.newest[0])
    stolen = sign(HeadStatement(head.journal, 40, head.chain, head.root, 5, key_id(FIRST.public)), FIRST)
    with pytest.raises(proofs.Fault, match="should have"):
        proofs.Keys(signed.keys.lines, FIRST.public).head(stolen)


def test_history_that_grew_is_consistent(signed):
    """Each older head is proven to be the beginning of each newer one."""
    for old, new in ((2, 1), (2, 0), (1, 0), (0, 0)):
        found = proofs.check_evidence(json.loads(signed.consistency(old, new)), FIRST.public)
        assert (found["proves"], found["head"]["position"]) == ("consistency", [33, 20, 7][new])


def test_a_rewritten_history_has_no_proof(signed, tmp_path_factory):
    """A head kept from before one line was changed cannot be joined to any head signed after."""
    disk = PosixDisk(tmp_path_factory.mktemp("rewritten"))
    journal, heads = MemoryJournal(), FileHeads(disk)
    append(journal, [b'{"n":0}', b'{"n":"changed"}', *[b"{}"] * 31])
    Notary("operations", journal, disk, heads, SECOND).sign(99)
    nodes, kept = Nodes(disk), signed.newest[2]
    [new] = heads.newest()
    path = [node.hex() for node in paths.consistency(nodes.node, 7, 33)]
    keys = [line.decode() for line in signed.keys.lines]
    offered = {"redstick_proof": 1, "proves": "consistency", "old": kept.decode(), "path": path, "new": new.decode()}
    with pytest.raises(proofs.Fault, match="does not begin with"):
        proofs.check_evidence({**offered, "keys": keys}, FIRST.public)


# A whole journal


def test_a_journal_is_held_to_all_its_heads(signed):
    """Every head is counted; the first key is believed when none is given."""
    expected = {"signed_heads": 3, "signed_position": 33, "lost": 0, "first_bad": None}
    for trusted in (FIRST.public, None):
        keys = proofs.Keys(signed.keys.lines, trusted)
        assert proofs.check_heads(signed.numbered, signed.newest[::-1], keys) == expected


def test_every_changed_line_breaks_a_head(signed):
    """One bit of any signed line changed, and the first head behind it is named."""
    keys, generator = proofs.Keys(signed.keys.lines, None), random.Random(7)
    for position, line in signed.numbered:
        at = generator.randrange(len(line))
        changed = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
        lines = [*signed.numbered[: position - 1], (position, changed), *signed.numbered[position:]]
        found = proofs.check_heads(lines, signed.newest[::-1], keys)
        assert found["first_bad"].startswith(f"signed head {1 if position <= 7 else 2 if position <= 20 else 3}:")


def test_a_journal_that_ends_before_a_head_is_named(signed):
    """Lines that were signed and are not there are said with both positions."""
    keys = proofs.Keys(signed.keys.lines, None)
    found = proofs.check_heads(signed.numbered[:30], signed.newest[::-1], keys)
    assert found["first_bad"] == "signed head 3: position 33 was signed and the journal ends at 30"


def test_heads_out_of_order_are_named(signed):
    """A head behind a later one is a fault."""
    found = proofs.check_heads(signed.numbered, signed.newest, proofs.Keys(signed.keys.lines, None))
    assert found["first_bad"] == "signed head 2: the head of position 20 stands behind that of 33"


def test_a_lost_line_s_leaf_is_vouched_for_by_the_signed_root(signed, tmp_path):
    """Lines that cannot be read any more are counted, and their leaves from the node file are right or refused."""
    keys, leaf = proofs.Keys(signed.keys.lines, None), proofs.leaf_in(tmp_path / NODES)
    kept = [(position, line) for position, line in signed.numbered if position not in {3, 8, 9}]
    assert proofs.check_heads(kept, signed.newest[::-1], keys, leaf)["lost"] == 3
    assert proofs.check_heads(kept, signed.newest[::-1], keys, leaf)["first_bad"] is None
    assert proofs.check_heads(kept, signed.newest[::-1], keys)["first_bad"].startswith("signed head 1:")


def test_a_public_key_is_read_from_digits_and_files(tmp_path):
    """64 digits, a file of them, and PEM give the same key; anything else is a Fault in one line."""
    digits = FIRST.public.hex()
    (tmp_path / "digits").write_text(digits + "\n")
    public = Ed25519PublicKey.from_public_bytes(FIRST.public)
    (tmp_path / "pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    given = [digits, str(tmp_path / "digits"), str(tmp_path / "pem")]
    assert [proofs.public_key(text) for text in given] == [FIRST.public] * 3
    (tmp_path / "bad").write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    (tmp_path / "binary").write_bytes(b"\xff" * 32)
    for text in ("", "x", digits[:-1], "zz" * 32, str(tmp_path / "bad"), str(tmp_path / "binary"), str(tmp_path)):
        with pytest.raises(proofs.Fault, match="not a public key"):
            proofs.public_key(text)
