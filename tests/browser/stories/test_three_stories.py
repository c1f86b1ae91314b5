"""Three stories by keyboard alone: a cardiac arrest, a fire that grows, a duplicate that was none."""

import pytest
from tests.browser.console.floor import CORNER, key_of

pytestmark = pytest.mark.browser


def same(*people):
    """Every act of these people did what was shown, and no more."""
    acts = [act for one in people for act in one.acts]
    assert acts
    assert [(act.what, act.differs) for act in acts if act.differs] == []


def answer_and_send(calls, place, kind, said, priority):
    """At the Calls seat: the call that rings longest becomes a waiting incident. Its id."""
    before = calls.floor.rows("incidents")
    calls.page.locator("button[aria-keyshortcuts='F2']:not(:disabled)").wait_for()
    calls.press("F2")
    calls.page.get_by_label("Location").wait_for()
    calls.keep("answer", [])
    calls.go("Location")
    calls.type(place)
    calls.page.locator("#location-says .chip.good").wait_for()
    calls.press("Alt+k")
    calls.go("Type")
    calls.type(kind)
    calls.press("Enter")
    calls.type(said)
    calls.press(f"Alt+{priority}")
    calls.press("F8")
    calls.page.get_by_text("sent to dispatch as").wait_for()
    [row] = [row for key, row in calls.floor.rows("incidents").items() if key not in before]
    calls.until(lambda: calls.page.get_by_label("What is said").input_value() == "")
    told = (row["kind"], row["priority"], row["in_geofile"], row["caller_confirmed"], [n["text"] for n in row["notes"]])
    wanted = (kind, priority, True, True, [said])
    calls.keep(f"card of a call: {kind}", [kind, place, said], [str(told)] * (told != wanted))
    return row["incident"]


def test_a_cardiac_arrest_from_ring_to_clear(town, hands):
    """It rings, is answered, sent, dispatched as recommended, worked through every status, transported and closed."""
    calls, dispatch = hands(town, "cal", "/calls"), hands(town, "dan", "/dispatch")
    town.ask("receive-call", call="c1", source="911", callback="225-555-0100")
    arrest = answer_and_send(calls, CORNER, "Cardiac arrest", "Wife, not breathing, he does CPR", 1)
    dispatch.choose("F2", f"incident/{arrest}")
    units = dispatch.send()
    assert {unit[0] for unit in units} == {"M", "E"}
    medic = next(unit for unit in units if unit[0] == "M")
    dispatch.choose("F4", f"unit/{medic}")
    for _ in ("en route", "on scene", "with patient", "transporting", "at hospital"):
        dispatch.step(medic)
    [engine] = units - {medic}
    for status in ("en route", "on scene"):
        dispatch.line(f"{engine.lower()} {status}")
    dispatch.line(f"{engine.lower()} release")
    dispatch.step(medic)
    row = town.incident(arrest)
    stamps = next(part["stamps"] for part in row["units"] if part["unit"] == medic)
    order = ["dispatched", "en_route", "on_scene", "patient_contact", "transport", "at_hospital"]
    assert [stamps[name] for name in order] == sorted(stamps[name] for name in order)
    calls.press("F9")
    calls.page.locator(key_of("call/c1")).wait_for(state="detached")
    calls.keep("end of the call", [])
    dispatch.press("Alt+x")
    dispatch.go("How it ended")
    dispatch.type("Transported with a pulse")
    dispatch.press("Enter")
    dispatch.page.locator(key_of(f"incident/{arrest}")).wait_for(state="detached")
    dispatch.keep("close", [], [] if town.incident(arrest) is None else ["it is open"])
    assert town.rows("calls") == {}
    same(calls, dispatch)


def test_a_two_alarm_fire_with_mutual_aid_and_a_move_up(town, hands):
    """The first alarm as recommended; the second by lines: a neighbour is asked and comes, a post is covered."""
    fire = town.opened()
    dispatch = hands(town, "dan", "/dispatch")
    dispatch.line(f"to dispatch #{fire}")
    dispatch.choose("F2", f"incident/{fire}")
    first = dispatch.send()
    assert {unit[0] for unit in first} == {"E", "T", "C", "M"}
    dispatch.line(f"{min(first).lower()} on scene")
    dispatch.line(f"#{fire} alarm 2")
    dispatch.line(f"aid #{fire} from zachary for brfd one engine")
    dispatch.line(f"aid #{fire} granted")
    dispatch.line(f"d #{fire} z05")
    [idle] = {"M01", "M02"} - first
    post = {"M01": "02", "M02": "01"}[idle]
    dispatch.line(f"mv {idle.lower()} {post} no medic is left there")
    dispatch.page.locator(key_of(f"incident/{fire}"), has_text="alarm 2").wait_for()
    row = town.incident(fire)
    assert {part["unit"] for part in row["units"]} == first | {"Z05"}
    for unit in sorted(first | {"Z05"}):
        dispatch.line(f"{unit.lower()} release #{fire}")
    dispatch.line(f"#{fire} close fire out")
    same(dispatch)


def test_a_duplicate_is_merged_and_split_again(town, hands):
    """Two calls, two cards, one incident, and two again: calls and units stand where they belong each time."""
    calls, dispatch = hands(town, "cal", "/calls"), hands(town, "dan", "/dispatch")
    ids = []
    for number in (1, 2):
        town.ask("receive-call", call=f"c{number}", source="911", callback=f"225-555-010{number}")
        calls.page.locator(key_of(f"call/c{number}")).wait_for()
        calls.press("F2")
        calls.page.get_by_label("Location").wait_for()
        calls.keep("answer", [])
        calls.line(f"i {CORNER.lower()}, structure fire, n smoke caller {number}")
        calls.press("F9")
        calls.page.locator(key_of(f"call/c{number}")).wait_for(state="detached")
        calls.keep("end of the call", [])
        ids += [key.partition("/")[2] for key in town.rows("incidents") if key.partition("/")[2] not in ids]
    first, second = (town.incident(one)["number"] for one in ids)
    dispatch.line(f"d #{second} e02")
    dispatch.line(f"merge #{first} #{second}")
    dispatch.page.locator(key_of(f"incident/{ids[1]}")).wait_for(state="detached")
    kept = town.incident(ids[0])
    assert (working_on(kept), kept["calls"]) == ({"E02"}, 2)
    dispatch.line(f"split #{second} the second is next door")
    dispatch.page.locator(key_of(f"incident/{ids[1]}")).wait_for()
    apart = [town.incident(one) for one in ids]
    assert [working_on(row) for row in apart] == [set(), {"E02"}]
    assert [[note["text"] for note in row["notes"]][:1] for row in apart] == [["smoke caller 1"], ["smoke caller 2"]]
    same(calls, dispatch)


def working_on(row):
    """Units that are on an incident now."""
    return {part["unit"] for part in row["units"] if part["ended_at"] is None}
