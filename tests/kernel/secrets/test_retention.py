"""Retention: what is destroyed when, what a hold prevents, and what is refused."""

import msgspec
import pytest
from tests.kernel.secrets.office import BEGIN, CALLS, DAY, PLATES

from redstick.kernel.secrets.classes import DeclareClass
from redstick.kernel.secrets.holds import LiftHold, PlaceHold
from redstick.kernel.secrets.periods import Length
from redstick.kernel.secrets.retention import SWEPT_AT_ONCE, ConfirmErasure, Due, Expunge, due
from redstick.kernel.secrets.state import Hold, PeriodKey, Secrets

NOVEMBER, DECEMBER = "call-audio/2026-11", "call-audio/2026-12"


def hold(case="case_1", name="hold_1", until=None):
    """A command that holds a case."""
    return PlaceHold(name, case, "District Attorney", "Request 44", until)


# Classes and their keys


def test_a_class_comes_with_the_keys_that_it_needs_now(office):
    """The period of today and those that begin within two days have keys; the others have none yet."""
    assert sorted(office.state.keys) == [
        NOVEMBER, "plate-reads/2026-11-01", "plate-reads/2026-11-02", "plate-reads/2026-11-03",
    ]  # fmt: skip


def test_keys_are_made_ahead(office):
    """A month's key is there before the month is, a day's before the day."""
    office.wait(27)
    assert DECEMBER not in office.state.keys
    office.wait(1)
    assert DECEMBER in office.state.keys
    assert "plate-reads/2026-12-01" in office.state.keys


@pytest.mark.parametrize(("changed", "code"), [
    ({"name": "Call Audio"}, "class_name_invalid"),
    ({"name": ""}, "class_name_invalid"),
    ({"keep_ms": -1}, "duration_invalid"),
    ({"backups_ms": -1}, "duration_invalid"),
    ({"authority": ""}, "authority_missing"),
])  # fmt: skip
def test_a_class_that_cannot_be_is_refused(office, changed, code):
    """Its name, its durations and its authority are looked at."""
    assert office.refused(DeclareClass(msgspec.structs.replace(CALLS, **changed))) == code


def test_declaring_again_changes_nothing_or_what_the_law_changed(office):
    """The same class again is no event; another duration is one, and holds for the keys already there."""
    assert office.done(DeclareClass(CALLS)) == ["nothing_changed"]
    assert office.done(DeclareClass(msgspec.structs.replace(CALLS, keep_ms=90 * DAY))) == ["class_declared"]
    office.wait(30 + 31 + 2)
    assert office.state.keys[NOVEMBER].destruction is None


# The schedule


def test_the_schedule_is_a_function_of_classes_keys_holds_and_time():
    """Due when the period's end and the class's duration have passed, to the millisecond; spared cases when unheld."""
    key = PeriodKey("call-audio", "2026-11", ends_at=BEGIN + 30 * DAY)
    state = Secrets({"call-audio": CALLS}, {NOVEMBER: key})
    assert list(due(state, BEGIN + 60 * DAY - 1)) == []
    assert list(due(state, BEGIN + 60 * DAY)) == [Due("call-audio", "2026-11")]
    state.holds["h"] = Hold("h", "case_1", "DA", "44")
    assert list(due(state, BEGIN + 60 * DAY)) == [Due("call-audio", "2026-11")]
    key.destruction, key.spared = object(), ["case_1", "case_2"]
    assert list(due(state, BEGIN + 60 * DAY)) == [Due("call-audio", "2026-11", "case_2")]


def test_what_is_due_is_destroyed_and_nothing_else(office):
    """On its day a month's key goes with everything under it; what was sealed later opens still."""
    early = office.note("case_1", "said in November")
    office.wait(35)
    late = office.note("case_1", "said in December")
    office.wait(24)
    assert office.read("case_1", early) == "said in November"
    office.wait(2)
    assert (office.read("case_1", early), office.read("case_1", late)) == ("key_destroyed", "said in December")
    assert office.ring.periods_of("case_1") == [("call-audio", "2026-12")]


def test_a_destruction_is_complete_when_the_last_backup_has_expired(office):
    """Destroyed, then erased with the day it will be complete, then completed: each is an event; then it is no more."""
    office.wait(61)
    key = office.state.keys[NOVEMBER]
    assert key.destruction.complete_at == key.destruction.destroyed_at + CALLS.backups_ms
    office.wait(12)
    assert NOVEMBER in office.state.keys
    office.wait(1)
    assert NOVEMBER not in office.state.keys


def test_a_late_start_sweeps_everything_that_is_due(office):
    """After years of standing still many keys are destroyed, in pieces, and today has its keys."""
    office.done(DeclareClass(msgspec.structs.replace(PLATES, keep_ms=400 * DAY)))
    office.wait(150)
    assert sum(key.destruction is None for key in office.state.keys.values()) > 150
    office.now += 2000 * DAY
    office.driver.drain(office.now)
    assert sum(key.destruction is not None for key in office.state.keys.values()) == SWEPT_AT_ONCE
    office.now += 1000
    office.driver.drain(office.now)
    living = sorted(key.period for key in office.state.keys.values() if key.destruction is None)
    assert living == ["2032-09", "2032-09-20", "2032-09-21", "2032-09-22"]


# Holds


def test_a_hold_beats_retention(office):
    """A held case opens when its time has come and passed; the others under the same key do not."""
    held, other = office.note("case_1", "held"), office.note("case_2", "not held")
    office.done(hold())
    office.wait(70)
    assert (office.read("case_1", held), office.read("case_2", other)) == ("held", "key_destroyed")
    assert office.state.keys[NOVEMBER].spared == ["case_1"]


def test_a_lifted_hold_lets_the_schedule_go_on(office):
    """What a hold has spared is destroyed by the first sweep after it is lifted, if no other hold stands."""
    held = office.note("case_1", "held")
    office.done(hold())
    office.done(hold(name="hold_2"))
    office.wait(70)
    office.done(LiftHold("hold_1"))
    office.wait(2)
    assert office.read("case_1", held) == "held"
    office.done(LiftHold("hold_2"))
    assert office.read("case_1", held) == "held"
    office.wait(1)
    assert office.read("case_1", held) == "key_destroyed"
    assert office.ring.periods_of("case_1") == []
    office.wait(20)
    assert NOVEMBER not in office.state.keys


def test_a_hold_ends_by_itself_when_it_says_so(office):
    """A hold with an end is lifted by a timer then, and what it spared goes."""
    held = office.note("case_1", "held")
    office.done(hold(until=office.now + 65 * DAY))
    office.wait(64)
    assert office.read("case_1", held) == "held"
    office.wait(3)
    assert (office.state.holds, office.read("case_1", held)) == ({}, "key_destroyed")


def test_a_held_case_that_the_ring_knows_nothing_of_is_not_spared(office):
    """Holds on cases without a key leave no trace under keys that are destroyed."""
    office.done(hold(case="elsewhere"))
    office.wait(70)
    assert office.state.keys[NOVEMBER].spared == []


@pytest.mark.parametrize(("asked", "code"), [
    (hold(), "hold_known"),
    (hold(name="other", until=BEGIN), "hold_over"),
    (hold(name=""), "hold_incomplete"),
    (hold(name="other", case=""), "hold_incomplete"),
    (LiftHold("never placed"), "hold_unknown"),
])  # fmt: skip
def test_what_cannot_be_held_is_refused(office, asked, code):
    """A hold is placed once, names what it must, and ends in the future."""
    office.done(hold())
    assert office.refused(asked) == code


# Expungement


def test_an_expunged_case_is_gone_and_the_others_are_not(office):
    """Every key of the case is destroyed, in every class and period; nothing of it can be sealed or held again."""
    calls = [office.note("case_1", "one"), office.note("case_2", "two")]
    plate = office.note("case_1", "three", "plate-reads")
    office.wait(1)
    assert office.done(office.expunge("case_1")) == ["key_destroyed", "key_destroyed"]
    assert [office.read("case_1", calls[0]), office.read("case_1", plate)] == ["key_destroyed"] * 2
    assert office.read("case_2", calls[1]) == "two"
    assert office.ring.periods_of("case_1") == []
    assert office.vault.seal("case_1", "note.text", "call-audio", "again", office.now).code == "case_expunged"
    assert office.refused(hold()) == "case_expunged"


def test_an_expungement_is_refused_while_the_case_is_held(office):
    """The rejection says which holds stand; after they are lifted it is done."""
    office.note("case_1", "one")
    office.done(hold())
    outcome = office.ask(office.expunge("case_1"))
    assert (outcome.rejection.code, outcome.rejection.data["holds"]) == ("hold_exists", ["hold_1"])
    office.done(LiftHold("hold_1"))
    assert office.done(office.expunge("case_1")) == ["key_destroyed"]


def test_an_expungement_that_cannot_be_is_refused(office):
    """Without an order, without a key, of a key that nobody made, and of what is destroyed already."""
    office.note("case_1", "one")
    for order in ("", "retention"):
        assert office.refused(office.expunge("case_1", order)) == "order_missing"
    assert office.refused(Expunge("case_9", [], "Docket 12")) == "key_unknown"
    assert office.refused(Expunge("case_1", ["call-audio/1999-01"], "Docket 12")) == "key_unknown"
    office.done(Expunge("case_1", [NOVEMBER], "Docket 12"))
    assert office.refused(Expunge("case_1", [NOVEMBER], "Docket 13")) == "key_destroyed"
    office.wait(61)
    assert office.refused(Expunge("case_2", [NOVEMBER], "Docket 12")) == "key_destroyed"


def test_a_spared_case_can_be_expunged_once_its_hold_is_lifted(office):
    """Its key under a period that is gone is destroyed like any other."""
    note = office.note("case_1", "one")
    office.done(hold())
    office.wait(70)
    office.done(LiftHold("hold_1"))
    assert office.done(office.expunge("case_1")) == ["key_destroyed"]
    assert office.read("case_1", note) == "key_destroyed"


# Erasure


def test_an_erasure_is_confirmed_for_what_was_destroyed_and_once(office):
    """Of a key that nobody made or destroyed, and of a case that lives, there is nothing to confirm."""
    office.note("case_1", "one")
    assert office.refused(ConfirmErasure("call-audio", "1999-01")) == "key_unknown"
    assert office.refused(ConfirmErasure("call-audio", "2026-11")) == "key_not_destroyed"
    assert office.refused(ConfirmErasure("call-audio", "2026-11", "case_1")) == "key_not_destroyed"
    office.done(office.expunge("case_1"))
    assert office.done(ConfirmErasure("call-audio", "2026-11", "case_1")) == ["nothing_changed"]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_ring_restored_from_a_backup_forgets_again(office, confirmed):
    """At every start the ring lets go of all that the journal says was destroyed, confirmed or not."""
    note = office.note("case_1", "one")
    backup = dict(office.ring._keys)
    office.erasing = confirmed
    office.done(office.expunge("case_1"))
    office.ring._keys = backup
    assert office.read("case_1", note) == "key_destroyed"  # by the state alone
    office.open()
    assert office.ring.periods_of("case_1") == []
    assert office.state.keys[NOVEMBER].cases["case_1"].complete_at is not None


def test_an_interrupted_erasure_is_taken_up_at_the_next_start(office):
    """A destruction whose erasure was never carried out stays unconfirmed until a start does it."""
    office.note("case_1", "one")
    office.erasing = False
    office.wait(61)
    assert office.state.keys[NOVEMBER].destruction.complete_at is None
    assert office.ring.periods_of("case_1") == [("call-audio", "2026-11")]
    office.open()
    assert office.ring.periods_of("case_1") == []
    assert office.state.keys[NOVEMBER].destruction.complete_at == office.now + CALLS.backups_ms


def test_lengths_of_periods_may_change(office):
    """A class whose periods become days has day keys from then on; the month's key lives out its time."""
    note = office.note("case_1", "one")
    office.done(DeclareClass(msgspec.structs.replace(CALLS, periods=Length.DAY)))
    later = office.note("case_1", "two")
    assert "2026-11-01" in later
    office.wait(40)
    assert (office.read("case_1", note), office.read("case_1", later)) == ("one", "key_destroyed")
