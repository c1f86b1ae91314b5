"""An incident as an EIDO: what is in it, under which ids, and for whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.exchange.eido import eido_of
from redstick.dispatch.exchange.ids import LEAST, MOST, call_urn, component_id, foreign_id, incident_urn
from redstick.dispatch.exchange.profile import Profile, unmapped, wrong_codes
from redstick.dispatch.exchange.seen_by import for_audience
from redstick.dispatch.place import Located, LocationType, Place
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.command_board import Benchmark, MarkBenchmark
from redstick.dispatch.rules.incidents import CloseIncident, MoveIncident, OpenIncident
from redstick.dispatch.rules.links import LinkIncidents, MergeIncidents
from redstick.dispatch.rules.stacking import StackIncident
from redstick.dispatch.rules.units import RaiseEmergency, ReportStatus
from redstick.dispatch.status_table import MEANINGS, Status
from redstick.protocols.eido import codes
from redstick.protocols.eido.codec import check, encode
from redstick.protocols.pidf_lo import Shape, read_pidf_lo

NAME = "inc_0000000001"


@pytest.fixture
def made(desk, profile):
    """The EIDO as it is now; every one passes the strict check."""

    def made(name=NAME):
        found = eido_of(desk.state, name, desk.now, profile)
        assert check(encode(found)) == []
        return found

    return made


def test_it_holds_everything_that_is_known(made):
    """Call and caller, place with a shape, unit with statuses, who was sent, the narrative as HTML."""
    eido = made()
    assert eido.id == "urn:emergency:uid:incidentid:inc0000000001:cad.parish.example"
    assert eido.incident_component.incident_type_common_registry_text == "FSTRU"
    assert eido.incident_component.incident_status_common_registry_text == ("ResourcesEnroute",)
    assert eido.call_component[0].call_state_registry_text == "callAnswered"
    assert eido.callback_component[0].call_back_information_uri == ("tel:+12255550100",)
    assert eido.notes_component[0].notes_action_comments == "Smoke &amp; &lt;flames&gt;"
    [engine] = eido.emergency_resource_component
    assert (engine.primary_unit_status_registry_text, engine.secondary_unit_status_registry_text) == (
        "NotAvailable", ("Assigned", "EnRoute"),
    )  # fmt: skip
    assert engine.resource_attribute_registry_text == ("Paramedic",)
    assert engine.resource_attribute_internal_text == ("ALS", "foam")
    assert [agency.id for agency in eido.agency_component] == ["ecc.parish.example", "fire.parish.example"]
    shapes = {place.location_type_description_registry_text: read_pidf_lo(place.location_by_value)
              for place in eido.location_component}  # fmt: skip
    assert shapes["CurrentIncident"] == Shape(-911_234_567, 304_123_456, 30)
    assert shapes["UnitLocation"].radius_m == 0


def test_ids_stay_from_one_to_the_next(desk, made):
    """What has changed keeps its id, so that a receiver sees what changed."""
    before = made()
    desk.run(ReportStatus("E1", "ONS"))
    after = made()
    assert [one.id for one in before.location_component] == [one.id for one in after.location_component]
    assert before.emergency_resource_component[0].id == after.emergency_resource_component[0].id
    assert before.emergency_resource_component != after.emergency_resource_component


def test_a_move_shows_both_places(desk, made):
    """Where it is and where it was first thought to be; the status says that it moved."""
    desk.run(MoveIncident(NAME, Place("2 Oak St", -911_000_000, 304_000_000)))
    eido = made()
    words = {place.location_type_description_registry_text: place.location_description_text
             for place in eido.location_component}  # fmt: skip
    assert words["CurrentIncident"] == "2 Oak St"
    assert words["InitialIncident"] == "1234 Main St Apt 5, Baton Rouge"
    assert "NewLocation" in eido.incident_component.incident_status_common_registry_text


def test_benchmarks_links_and_merges_are_said(desk, made):
    """In the standard's own words, and from both sides of a merge."""
    desk.run(OpenIncident("inc_0000000002", kind="Outside fire"), OpenIncident("inc_0000000003", kind="Noise"))
    desk.run(MarkBenchmark(NAME, Benchmark.FIRE_UNDER_CONTROL, "I. Command"))
    desk.run(LinkIncidents(NAME, "inc_0000000003", Relation.CHILD), MergeIncidents(NAME, "inc_0000000002"))
    eido = made()
    assert "FireUnderControl" in eido.incident_component.incident_status_common_registry_text
    assert [(one.link_direction_code, one.incident_tracking_identifier) for one in eido.link_component] == [
        ("CHILD", incident_urn("inc_0000000003", "cad.parish.example"))
    ]
    assert [one.incident_merge_direction_code for one in eido.merge_component] == ["REPLACING"]
    assert [one.incident_merge_direction_code for one in made("inc_0000000002").merge_component] == ["REPLACED"]


def test_a_unit_that_an_incident_waits_for_is_stacked_on_it(desk, made):
    """Named with the incident that it works on and the one that waits."""
    desk.run(OpenIncident("inc_0000000002", kind="Outside fire"), StackIncident("inc_0000000002", "E1"))
    [engine] = made("inc_0000000002").emergency_resource_component
    assert engine.active_on_incident_id == incident_urn(NAME, "cad.parish.example")
    assert engine.stacked_on_incident_id == (incident_urn("inc_0000000002", "cad.parish.example"),)


@pytest.mark.parametrize(("said", "code"), [("fire out", "23"), ("gone fishing", None)])
def test_how_it_ended_is_mapped_or_noted(desk, made, said, code):
    """A disposition that nobody has mapped is not guessed: it stands in a note."""
    desk.run(ReleaseUnit(NAME, "E1"), CloseIncident(NAME, said))
    eido = made()
    found = [one.disposition_common_registry_code for one in eido.incident_component.disposition_component]
    noted = [note for note in eido.notes_component if said in note.notes_action_comments]
    assert (found, bool(noted)) == (([code], False) if code else ([], True))


def test_an_emergency_is_not_silent(desk, made):
    """Version 1.0 has no component for it: a note tells it."""
    desk.run(RaiseEmergency("E1"))
    assert any("E1: emergency" in note.notes_action_comments for note in made().notes_component)


def test_supplemental_locations_stand_beside_the_callers(desk, made):
    """Each with its own type, none in place of another."""
    call = desk.state.calls["call_0000000001"]
    call.supplemental.append(Located(Place("", 1, 2, quality="device"), LocationType.TOWER))
    kinds = [place.location_type_description_registry_text for place in made().location_component]
    assert {"Caller", "TowerLocation"} <= set(kinds)
    assert len(made().call_component[0].location_reference) == 2


def test_crews_are_told_no_caller(made):
    """Neither the number, nor the call, nor where it came from; what is left still hangs together."""
    seen = for_audience(made(), "field")
    assert check(encode(seen)) == []
    assert b"2255550100" not in encode(seen)
    assert not seen.call_component
    assert b'"Caller"' not in encode(seen)


def test_the_public_is_told_no_eido(made):
    """Nor oversight: an EIDO names the place."""
    for audience in ("public", "oversight"):
        with pytest.raises(KeyError):
            for_audience(made(), audience)


def test_every_status_has_codes_of_the_standard():
    """Spellings are literal: OutofService."""
    for status in Status:
        assert MEANINGS[status].primary in codes.PRIMARY_STATUSES
        assert set(MEANINGS[status].secondaries) <= codes.SECONDARY_STATUSES
    assert "OutofService" in MEANINGS[Status.OOS].secondaries


def test_a_profile_that_maps_to_unknown_codes_is_seen(profile):
    """The shipped tables hold; a planted one does not."""
    assert wrong_codes(profile) == []
    planted = Profile(profile.element, profile.agency, groups={"fire": "FIRE!"})
    assert len(wrong_codes(planted)) == 1


def test_words_without_a_code_are_listed(desk, profile):
    """So that somebody chooses one."""
    desk.run(OpenIncident("inc_0000000009", kind="Cat in tree"))
    assert unmapped(desk.state, profile) == ["attributes: foam", "kinds: Cat in tree"]


@given(st.lists(st.text(min_size=1), min_size=2, max_size=20, unique=True))
def test_no_two_names_have_the_same_id(names):
    """Whatever an imported incident is called; the local part is letters and digits of the right length."""
    for urn_of in (incident_urn, call_urn):
        urns = [urn_of(name, "cad.example") for name in names]
        assert len(set(urns)) == len(names)
        for local in (urn.split(":")[4] for urn in urns):
            assert local.isalnum()
            assert LEAST <= len(local) <= MOST
    assert len({component_id("cad.example", name, "x") for name in names}) == len(names)
    assert len({foreign_id("inc", name) for name in names}) == len(names)
