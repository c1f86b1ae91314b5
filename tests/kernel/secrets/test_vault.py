"""The vault: who sees plaintext, and that nobody does once it is destroyed, in whatever order things happen."""

import itertools
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.kernel.secrets.office import BEGIN, CALLS, DAY, FIELD, PLATES, Office

from redstick.adapters.disk import PosixDisk
from redstick.adapters.keys.files import FileKeyRing
from redstick.kernel.secrets.holds import LiftHold, PlaceHold
from redstick.kernel.secrets.sealed import Sealed
from redstick.kernel.secrets.vault import Vault


def test_plaintext_is_for_a_permitted_audience_and_purpose_alone(office):
    """What the authority refuses is refused with its own rejection, before any key is looked for."""
    note = office.note("case_1", "555-0100")
    assert office.read("case_1", note) == "555-0100"
    office.ring.find = None  # not to be asked
    for audience, purpose in (("public", "open_case"), ("floor", "curiosity"), ("floor", "")):
        assert office.read("case_1", note, audience, purpose) == "not_permitted"


def test_a_handle_opens_for_its_own_case_field_and_journal(office):
    """Copied to another case, another field or another journal a handle is refused, though its key is there."""
    note = office.note("case_1", "555-0100")
    office.note("case_2", "555-0199")
    assert office.read("case_2", note) == "seal_broken"
    everything = lambda audience, field, purpose: None  # noqa: E731  (a permit in one line)
    council = Vault("council", office.ring, lambda: office.state, everything, office.entropy)
    assert council.open_sealed(note, "case_1", FIELD, "floor", "open_case").code == "seal_broken"
    same = Vault("operations", office.ring, lambda: office.state, everything, office.entropy)
    assert same.open_sealed(note, "case_1", "note.author", "floor", "open_case").code == "seal_broken"
    assert same.open_sealed(note, "case_1", FIELD, "floor", "open_case") == "555-0100"


def test_a_changed_handle_is_refused(office):
    """One bit of the encrypted text, of all of them, and nothing opens."""
    import base64

    note = office.note("case_1", "555-0100")
    head, _, encrypted = note.rpartition(":")
    whole = base64.urlsafe_b64decode(encrypted)
    for bit in range(8 * len(whole)):
        changed = whole[: bit // 8] + bytes([whole[bit // 8] ^ (1 << bit % 8)]) + whole[bit // 8 + 1 :]
        assert office.read("case_1", f"{head}:{base64.urlsafe_b64encode(changed).decode()}") == "seal_broken"


def test_another_key_opens_nothing(office):
    """A handle that names another key is refused: one of the same case in another class, and one of another case."""
    note, plate = office.note("case_1", "555-0100"), office.note("case_1", "KLM 123", "plate-reads")
    other = office.note("case_2", "555-0199")
    encrypted = note.rpartition(":")[2]
    for named in (plate, other):
        assert office.read("case_1", f"{named.rpartition(':')[0]}:{encrypted}") == "seal_broken"


@pytest.mark.parametrize(("handle", "code"), [
    ("555-0100", "seal_malformed"),
    ("", "seal_malformed"),
    ("sealed1:call-audio:1999-01:k:AAAA", "key_unknown"),
    ("sealed1:call-audio:2026-11:k:AAAA", "key_destroyed"),
])  # fmt: skip
def test_what_is_no_handle_of_ours_is_refused(office, handle, code):
    """Plaintext in place of a handle, and handles of keys that are not there, are told apart."""
    assert office.read("case_1", Sealed(handle)) == code


def test_nothing_is_sealed_without_a_class_and_a_key(office):
    """A class that nobody declared, and a period that no sweep has prepared, are refused."""
    assert office.vault.seal("case_1", FIELD, "rumours", "x", BEGIN).code == "class_unknown"
    assert office.vault.seal("case_1", FIELD, "call-audio", "x", BEGIN + 400 * DAY).code == "key_unknown"


CASES, CLASSES = ("case_1", "case_2", "case_3"), (CALLS, PLATES)


class Retained(RuleBasedStateMachine):
    """Whatever is asked in whatever order: a note opens exactly as long as the law says, and then never again.

    The model is the law in plain words. A note's key goes at the first sweep behind its day, unless its case is held at
    that sweep; then at the first sweep at which the case is not held; or with its case's expungement.
    """

    def __init__(self):
        super().__init__()
        self.office = Office(ring=self.make_ring())
        self.office.declare()
        self.notes = []  # (case, handle, text, class, day on which its time has come)
        self.gone, self.expunged, self.holds, self.day = set(), set(), {}, 0
        self.count = itertools.count()

    def make_ring(self):
        """The ring in memory."""

    @rule(case=st.sampled_from(CASES), kept=st.sampled_from(CLASSES))
    def note(self, case, kept):
        """Somebody says something."""
        text = f"secret {len(self.notes)}"
        if case in self.expunged:
            assert self.office.vault.seal(case, FIELD, kept.name, text, self.office.now).code == "case_expunged"
            return
        handle = self.office.note(case, text, kept.name)
        period = self.office.state.keys[f"{kept.name}/{handle.split(':')[2]}"]
        self.notes.append((case, handle, text, (period.ends_at + kept.keep_ms - BEGIN) // DAY))

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        """Days pass, each with its sweep."""
        for _ in range(days):
            self.office.wait(1)
            self.day += 1
            for case, handle, _, last in self.notes:
                if last <= self.day and case not in self.holds.values():
                    self.gone.add(handle)

    @rule(case=st.sampled_from(CASES))
    def hold(self, case):
        """Somebody holds a case."""
        name = f"hold_{next(self.count)}"
        outcome = self.office.ask(PlaceHold(name, case, "DA", "44"))
        if outcome.accepted:
            self.holds[name] = case
        else:
            assert (outcome.rejection.code, case in self.expunged) == ("case_expunged", True)

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def lift(self, data):
        """A hold is lifted."""
        name = data.draw(st.sampled_from(sorted(self.holds)))
        self.office.done(LiftHold(name))
        del self.holds[name]

    @rule(case=st.sampled_from(CASES))
    def expunge(self, case):
        """A court orders a case destroyed."""
        outcome = self.office.ask(self.office.expunge(case))
        if case in self.holds.values():
            assert outcome.rejection.code == "hold_exists"
        elif outcome.accepted:
            self.expunged.add(case)
            self.gone.update(handle for noted, handle, _, _ in self.notes if noted == case)
        else:
            assert outcome.rejection.code == "key_unknown"  # the ring has nothing of it

    @rule()
    def start_anew(self):
        """The process ends and begins from the journal."""
        self.office.open()

    @invariant()
    def notes_open_as_long_as_the_law_says(self):
        """Those that are not gone open with their own text; those that are gone do not."""
        for case, handle, text, _ in self.notes:
            shown = self.office.read(case, handle)
            assert shown == text if handle not in self.gone else shown in {"key_destroyed", "key_unknown"}, (case, text)


class RetainedInFiles(Retained):
    """The same over a ring in files, which must also forget what the journal says."""

    def make_ring(self):
        """The ring in a folder of its own."""
        self.folder = TemporaryDirectory()
        return FileKeyRing(PosixDisk(Path(self.folder.name)), bytes(32), random.Random(9).randbytes)

    def teardown(self):
        """The folder goes."""
        self.folder.cleanup()


TestRetained = Retained.TestCase
TestRetained.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestRetainedInFiles = RetainedInFiles.TestCase
TestRetainedInFiles.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
