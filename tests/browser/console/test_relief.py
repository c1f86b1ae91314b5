"""Groups and relief: who watches what is said and changed at the seat, and whoever takes over reads what changed."""

import time

import pytest

from .floor import key_of

pytestmark = pytest.mark.browser


@pytest.fixture
def grouped(quiet_floor):
    """Two groups beside the one of the floor."""
    for group, agency in (("fire", "FD"), ("ems", "EMS")):
        quiet_floor.ask("define-group", group=group, agencies=[agency])
    return quiet_floor


def asker(floor):
    """As whom the floor is asked past any browser: nobody signs on somebody else."""
    return floor.http.get("/api/session").json()["person"]


def panel(page):
    """The panel of groups and relief, opened by its key."""
    page.keyboard.press("Alt+Shift+g")
    found = page.get_by_role("region", name="Groups and relief")
    found.wait_for()
    return found


def test_groups_are_signed_on_to_combined_and_split_at_the_seat(grouped, sit, violations):
    """A group is a button that is pressed or not; combined it is watched through another; split it is by itself."""
    page = sit(grouped, "dan", "/dispatch")
    seat = page.locator(".console-name").inner_text()
    groups = panel(page).get_by_role("list", name="Dispatch groups")
    fire = groups.get_by_role("listitem").filter(has=page.get_by_role("button", name="fire", exact=True))
    if fire.get_by_role("button", name="fire", exact=True).get_attribute("aria-pressed") == "true":
        fire.get_by_role("button", name="fire", exact=True).click()
        fire.locator('[aria-pressed="false"]').wait_for()
    fire.get_by_role("button", name="fire", exact=True).click()
    fire.locator('[aria-pressed="true"]').wait_for()
    assert "fire" in grouped.rows("seats")[f"seat/{seat}"]["groups"]
    fire.get_by_label("Combine fire with").select_option("ems")
    fire.get_by_text("with ems").wait_for()
    assert grouped.rows("seats")["group/fire"]["combined_into"] == "ems"
    assert violations(page) == []
    fire.get_by_role("button", name="Split").click()
    fire.get_by_label("Combine fire with").wait_for()
    assert grouped.rows("seats")["group/fire"]["combined_into"] == ""


def test_a_relief_takes_over_in_one_act_and_reads_what_changed(grouped, sit, violations):
    """While nobody looked at that seat an incident came in: it stands in what changed, and its button selects it."""
    grouped.ask("sign-on", seat="dispatch:7", person=asker(grouped), groups=["all", "fire"])
    while grouped.rows("seats")["seat/dispatch:7"]["lost_at"] is None:
        time.sleep(0.05)  # no browser stands behind it
    i1 = grouped.opened(kind="Chest pain", priority=1)
    page = sit(grouped, "dan", "/dispatch")
    mine = page.locator(".console-name").inner_text()
    relief = panel(page)
    relieves = page.get_by_role("button", name="Relieve")
    other = relief.get_by_role("listitem").filter(has_text="dispatch:7").filter(has=relieves)
    other.get_by_role("button", name="What changed").click()
    told = relief.get_by_role("button", name=f"#{i1} Chest pain")
    told.wait_for()
    assert "New incidents" in relief.inner_text()
    assert violations(page) == []
    told.click()
    page.locator(".card .head").get_by_text("Chest pain").wait_for()
    other.get_by_role("button", name="Relieve").click()
    other.wait_for(state="detached")
    seats = grouped.rows("seats")
    assert "seat/dispatch:7" not in seats
    assert {"all", "fire"} <= {*seats[f"seat/{mine}"]["groups"]}


def test_what_no_seat_watches_alarms_and_is_taken_on_by_name(own_floor, sit):
    """The alarm names the group; Alt+H takes it on, which the server keeps by name."""
    own_floor.ask("sign-on", seat="dispatch:7", person=asker(own_floor), groups=["all"])
    own_floor.opened()
    own_floor.ask("sign-off", seat="dispatch:7", despite="nobody has come")
    page = sit(own_floor, "sue", "/supervisor")
    page.get_by_role("alert").filter(has_text="Nobody watches all").wait_for()
    page.keyboard.press("Alt+h")
    page.get_by_role("alert").filter(has_text="Nobody watches all").wait_for(state="detached")
    assert own_floor.rows("seats")["group/all"]["alarm"]["acknowledged_by"] != ""


def test_each_part_of_the_seat_has_a_window_of_its_own_with_one_selection(quiet_floor, sit):
    """Queue, card, units and map; what is selected in one is selected in all."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    shown = {"lists": ".queue", "card": ".card", "units": ".units", "map": ".map"}
    windows = {}
    for pane, key in (("lists", "Alt+Shift+2"), ("card", "Alt+Shift+6"), ("units", "Alt+Shift+4"), ("map", "Alt+d")):
        with page.expect_popup() as opened:
            page.keyboard.press(key)
        windows[pane] = opened.value
        opened.value.locator(shown[pane]).first.wait_for()
        others = [one for name, one in shown.items() if name != pane]
        assert [one for one in others if windows[pane].locator(one).count()] == []
    windows["lists"].locator(key_of(f"incident/{i1}")).click()
    windows["card"].locator(".card .head").wait_for()
    page.locator(".card .head").wait_for()
    windows["units"].locator(key_of("unit/E01")).click()
    page.locator(f'{key_of("unit/E01")}[aria-pressed="true"]').wait_for()
