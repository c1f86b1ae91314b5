"""What the floor sees of its queues, and that whoever follows sees what a new one sees."""

from random import Random

import pytest
from tests.comms.switchboard import SECOND, City, Switchboard

from redstick.comms.reads.views import VIEWS
from redstick.comms.rules.conversations import TakeLeg
from redstick.comms.rules.legs import EndLeg
from redstick.comms.rules.losses import ReportEngine
from redstick.comms.rules.queues import Queue, RemoveQueue, SetQueue
from redstick.comms.rules.storms import BeginStorm
from redstick.comms.rules.texts import Channel, HearText
from redstick.published.comms import Fix, LineKind

LEGS, QUEUES = VIEWS
ADMIN = LineKind.ADMIN


def seen(board, view, audience="floor"):
    """Every row, as somebody who comes now sees it."""
    states = board.driver.executor.committed
    return {key: view.row(states, key, audience) for key in view.keys(states)}


def test_a_queue_says_how_long_who_and_how_well():
    """Its length, the oldest, agents by what they do, the share that was answered in time."""
    board = Switchboard()
    board.sit("a", "b", "c", queues=("admin",))
    for number, leg in enumerate(("one", "two", "three")):
        board.ring(leg, ADMIN)
        board.wait(number * 61 * SECOND)
    came = board.state.waiting["one"].since
    row = seen(board, QUEUES)["queue/admin"]
    assert (row["length"], row["oldest_since"], row["target_ms"]) == (3, came, 60_000)
    assert [one["leg"] for one in row["waiting"]] == ["one", "two", "three"]
    for leg, seat in (("one", "a"), ("three", "b")):
        board.events(TakeLeg(leg, seat))
    board.hang_up("two")
    row = seen(board, QUEUES)["queue/admin"]
    assert (row["length"], row["oldest_since"]) == (0, None)
    assert (row["answered"], row["abandoned"], row["looked_at"], row["in_time"]) == (2, 1, 2, 0)
    assert sum(row["agents"].values()) == 3
    assert row["agents"]["busy"] == 2
    assert row["storm_since"] is None
    board.events(BeginStorm("admin", "Ana", "a faulty dialler"))
    assert seen(board, QUEUES)["queue/admin"]["storm_since"] == board.now


def test_who_is_cut_off_is_in_sight_with_number_and_place_for_the_floor_alone():
    """Oversight sees that it happened; crews and the public see nothing."""
    city = City()
    city.ring("one", number="225-555-0100", fixes=(Fix(x=1, y=2),))
    city.answer("one", "calls:1")
    assert seen(city, LEGS)["leg/one"]["parties"][0]["party"] == "calls:1"
    city.events(HearText("one", "help", Channel.T140))
    assert seen(city, LEGS)["leg/one"]["texts"][0]["text"] == "help"
    assert "texts" not in seen(city, LEGS, "oversight")["leg/one"]
    city.events(EndLeg("one", "nobody", "lost"))
    lost = seen(city, QUEUES)["lost/one"]
    assert (lost["number"], lost["seat"]) == ("225-555-0100", "calls:1")
    assert not {"number", "fixes"} & set(seen(city, QUEUES, "oversight")["lost/one"])
    assert seen(city, QUEUES, "public")["lost/one"] is None


@pytest.mark.parametrize("view", VIEWS, ids=[view.name for view in VIEWS])
def test_who_follows_sees_what_a_new_one_sees(view):
    """Whatever happens: rows that a fact touches are drawn anew, no other changes."""
    board, dice, shown = Switchboard(), Random(7), {}

    def follow(facts):
        states = board.driver.executor.committed
        for fact in facts:
            for key in view.touched(states, fact):
                shown[key] = view.row(states, key, "floor")

    board.driver.listen(follow)
    follow([])
    shown |= seen(board, view)
    for number in range(60):
        board.wait(dice.randrange(8) * SECOND)
        kind = dice.choice(["ring", "ring", "sit", "take", "hang", "queue"])
        leg = dice.choice([*board.state.legs, "none"])
        if kind == "ring":
            board.ring(f"leg{number}", dice.choice([ADMIN, LineKind.EMERGENCY]))
        elif kind == "sit":
            board.sit(f"s{dice.randrange(3)}", queues=("911", "admin"))
        elif kind == "queue":
            board.ask(SetQueue(Queue(id="x", line=ADMIN, targets=("x",), target_ms=1000 + number)))
            board.ask(RemoveQueue("x")) if dice.random() < 0.5 else None
        else:
            board.ask(TakeLeg(leg, f"s{dice.randrange(3)}") if kind == "take" else EndLeg(leg, "them", "bye"))
        assert {key: row for key, row in shown.items() if row is not None} == seen(board, view)


def test_an_engine_that_carries_no_voice_is_in_sight_until_it_does():
    """Since when and why, for oversight too; whoever follows is told that the row is gone."""
    board = Switchboard()
    board.events(ReportEngine("embedded", up=False, why="a port for voice: Too many open files"))
    row = {"engine": "embedded", "since": board.now, "why": "a port for voice: Too many open files"}
    assert seen(board, QUEUES)["engine/embedded"] == seen(board, QUEUES, "oversight")["engine/embedded"] == row
    states, told = board.driver.executor.committed, []
    board.driver.listen(lambda facts: told.extend(key for fact in facts for key in QUEUES.touched(states, fact)))
    board.events(ReportEngine("embedded", up=True))
    assert "engine/embedded" in told
    assert QUEUES.row(board.driver.executor.committed, "engine/embedded", "floor") is None
