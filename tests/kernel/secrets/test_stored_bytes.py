"""From end to end: what is stored holds no plaintext, and still verifies when nothing opens any more."""

import base64
import random

import msgspec
import pytest
from tests.kernel.secrets.office import Note, Office

from redstick.adapters.disk import PosixDisk
from redstick.adapters.heads import FileHeads
from redstick.adapters.keys.files import FileKeyRing
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.proof.attested import Attested
from redstick.kernel.proof.notary import Notary
from redstick.kernel.proof.statements import Ed25519Signer
from redstick.kernel.secrets.holds import PlaceHold
from redstick.kernel.snapshots import written_snapshot
from redstick_verify import proofs
from redstick_verify.journal import check, lines

TEXTS = ["Jean Thibodeaux, 555-0100", "he has a gun", "Zoë Ñandú – 225 555 0199"]
SIGNER = Ed25519Signer(bytes(range(32)))


class Archive:
    """An office on a journal of small segments, signed, with its ring in another folder."""

    def __init__(self, folder):
        self.folder = folder
        disk = PosixDisk(folder / "proof")
        self.journal = SegmentJournal(PosixDisk(folder / "journal"), segment_bytes=4000)
        self.heads = FileHeads(disk)
        self.notary = Notary("operations", self.journal, disk, self.heads, SIGNER)
        ring = FileKeyRing(PosixDisk(folder / "keys"), bytes(range(7, 39)), random.Random(3).randbytes)
        self.office = Office(Attested(self.journal, self.notary, lambda: self.office.now), ring)
        self.office.declare()
        self.notes = []
        for number in range(30):
            case, text = f"case_{number % 10}", f"{TEXTS[number % 3]} no. {number}"
            self.notes.append((case, text, self.office.note(case, text)))

    def seal_segments(self):
        """Let closed segments be compressed."""
        for _ in range(50):
            self.journal.tend()

    def shown(self):
        """What is read of every note."""
        return [self.office.read(case, handle) for case, _, handle in self.notes]

    def stored(self):
        """Every stored line, every file, and a snapshot of the fold, as bytes."""
        files = [path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()]
        unpacked = [line for _, line in lines(self.folder / "journal")]
        snapshot = written_snapshot(self.office.driver.executor.snapshot())
        return b"\n".join([*files, *unpacked, snapshot])

    def verified(self):
        """What the verifier says of the journal, and of its signed heads."""
        keys = proofs.Keys(self.heads.keys(), SIGNER.public)
        heads = list(self.heads.newest())[::-1]
        return check(self.folder / "journal"), proofs.check_heads(lines(self.folder / "journal"), heads, keys)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path)


def test_no_plaintext_is_in_any_stored_byte(archive):
    """Journal lines, packed segments, snapshot, proof files and the ring hold neither a text nor a form of it."""
    archive.seal_segments()
    archive.notary.sign(archive.office.now)
    stored = archive.stored()
    assert all(handle.encode() in stored for _, _, handle in archive.notes)
    assert list((archive.folder / "journal").glob("*.sealed"))
    for text in (*TEXTS, "Thibodeaux", "555-0100"):
        for form in (
            text.encode(),
            msgspec.json.encode(text)[1:-1],
            text.encode("utf-16-le"),
            text.encode().hex().encode(),
        ):
            assert form not in stored
        assert base64.b64encode(text.encode()).rstrip(b"=")[:-1] not in stored
    assert archive.shown() == [text for _, text, _ in archive.notes]


def test_the_search_would_find_a_plaintext(archive):
    """The search of the test above is no idle one: an unsealed text that was written down is found, packed or not."""
    archive.office.done(Note("case_1", TEXTS[0]))
    for number in range(30):
        archive.office.note("case_2", f"{number}")
    archive.seal_segments()
    assert TEXTS[0].encode() in archive.stored()


def test_the_journal_verifies_when_nothing_opens_any_more(archive):
    """After an expungement and after retention the chain, the roots and every signed head are what they were."""
    office = archive.office
    archive.notary.sign(office.now)
    before = archive.stored()
    office.done(PlaceHold("hold_1", "case_3", "DA", "44"))
    assert office.done(office.expunge("case_1")) == ["key_destroyed"]
    assert {shown for (case, _, _), shown in zip(archive.notes, archive.shown(), strict=True) if case == "case_1"} == {
        "key_destroyed"
    }
    archive.notary.sign(office.now)
    office.wait(70)
    archive.notary.sign(office.now)
    archive.seal_segments()
    for (case, text, _), shown in zip(archive.notes, archive.shown(), strict=True):
        assert shown == (text if case == "case_3" else "key_destroyed")
    journal, heads = archive.verified()
    assert journal["ok"], journal
    assert (heads["signed_heads"], heads["first_bad"]) == (3, None)
    assert heads["signed_position"] == journal["positions"]
    for _, _, handle in archive.notes:  # the chain covers the handles, and they are still there
        assert handle.encode() in before
        assert any(handle.encode() in line for _, line in lines(archive.folder / "journal"))


def test_a_start_from_the_journal_alone_knows_what_is_destroyed(archive):
    """State, holds and destructions are a fold: after a restart the same notes open, and no others."""
    office = archive.office
    office.done(PlaceHold("hold_1", "case_3", "DA", "44"))
    office.done(office.expunge("case_1"))
    office.wait(70)
    shown = archive.shown()
    archive.journal.close()
    office.journal = SegmentJournal(PosixDisk(archive.folder / "journal"), segment_bytes=4000)
    office.open()
    assert archive.shown() == shown
