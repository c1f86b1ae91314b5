"""The parts of an EIDO as values: names and what is mandatory are those of the published schema, version 1.0.

Texts named `…RegistryText` hold codes of a registry (see `codes`). Times are texts of RFC 3339 with an offset; the
strict check reads them. NIEM parts (`ncPersonComponent` and the like) are kept as they came.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

VERSION: Literal["1.0"] = "1.0"


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to the component with this `$id`."""

    ref: str = msgspec.field(name="$ref")


class Component(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, forbid_unknown_fields=True
):
    """The prologue that every component begins with."""

    id: str = msgspec.field(name="$id")
    last_update_time_stamp: str
    updated_by_agency_reference: Reference
    updated_by_agent_reference: Reference | None = None
    alternate_value_references: tuple[Reference, ...] = msgspec.field(default=(), name="AlternateValueReferences")
    external_information_source_references: tuple[Reference, ...] = ()
    media_references: tuple[Reference, ...] = ()


class Agency(Component, frozen=True, kw_only=True):
    """An agency: who takes calls, who sends units, who shares."""

    agency_role_description_registry_text: tuple[str, ...]
    agency_type: tuple[str, ...]
    agency_jcard: str | None = None
    notes_reference: tuple[Reference, ...] = ()
    incident_owning_agency_indicator: bool | None = None
    acting_on_behalf_of_agency_reference: tuple[Reference, ...] = ()
    agency_call_leg_state: tuple[CallLegState, ...] = ()


class Agent(Component, frozen=True, kw_only=True):
    """A person or automaton of an agency."""

    agent_role_registry_text: tuple[str, ...]
    agency_reference: Reference
    agent_jcard: str | None = None
    agent_workstation_position_identification: str | None = None
    notes_reference: tuple[Reference, ...] = ()
    agent_call_leg_state: tuple[CallLegState, ...] = ()


class Merge(Component, frozen=True, kw_only=True):
    """An incident that took this one in, was taken in, or was split."""

    incident_tracking_identifier: str
    incident_merge_direction_code: Literal["REPLACING", "REPLACED", "SPLIT"]


class Link(Component, frozen=True, kw_only=True):
    """An incident that this one has to do with."""

    incident_tracking_identifier: str
    link_direction_code: Literal["PARENT", "CHILD", "RELATED", "UNLINK"]
    transaction_reason_text: str | None = None
    involved_agency_reference: Reference | None = None


class Note(Component, frozen=True, kw_only=True):
    """A line of the narrative (HTML 5)."""

    notes_action_comments: str
    agent_reference: Reference | None = None
    caution_reference: tuple[Reference, ...] = ()


class AdditionalData(Component, frozen=True, kw_only=True):
    """Additional data of a call, by value (XML as text) or by reference (RFC 7852)."""

    additional_data_by_reference_url: str | None = None
    additional_data_by_value: str | None = None
    additional_data_dereferenced_from_reference: Reference | None = None
    url_purpose: str | None = None
    notes_reference: tuple[Reference, ...] = ()
    caution_reference: tuple[Reference, ...] = ()


class Location(Component, frozen=True, kw_only=True):
    """A place of one kind: PIDF-LO by value or by reference, and words."""

    location_type_description_registry_text: str
    location_by_value: str | None = None
    location_by_reference_url: str | None = None
    location_dereferenced_from_reference: Reference | None = None
    location_description_text: str | None = None
    cross_street_by_value: tuple[str, ...] = ()
    cross_street_by_reference_url: tuple[str, ...] = ()
    intersecting_street_by_value: tuple[str, ...] = ()
    intersecting_street_by_reference_url: tuple[str, ...] = ()
    cell_tower_sector_id: str | None = None
    additional_data_reference: tuple[Reference, ...] = ()
    local_identifier: tuple[str, ...] = ()
    notes_reference: tuple[Reference, ...] = ()


class Person(Component, frozen=True, kw_only=True):
    """A person and their part in it."""

    person_incident_role_registry_text: tuple[str, ...]
    nc_person_component: dict[str, Any] | None = None
    call_identifier: tuple[str, ...] = ()
    location_reference: tuple[Reference, ...] = ()
    destination_reference: Reference | None = None
    eta: str | None = None
    notes_reference: tuple[Reference, ...] = ()
    additional_data_reference: tuple[Reference, ...] = ()
    call_back_reference: Reference | None = None
    person_call_leg_state: tuple[CallLegState, ...] = ()
    item_reference: tuple[Reference, ...] = ()


class Disposition(Component, frozen=True, kw_only=True):
    """How it ended, for one agency."""

    disposition_common_registry_code: str
    disposition_primary_indicator: bool | None = None
    disposition_category_text: str | None = None
    disposition_description_text: str | None = None
    notes_reference: tuple[Reference, ...] = ()


class Vehicle(Component, frozen=True, kw_only=True):
    """A vehicle and its part in it."""

    vehicle_relationship_type: tuple[str, ...]
    vehicle_relationship_time_stamp: str
    nc_vehicle_component: dict[str, Any] | None = None
    additional_data_reference: tuple[Reference, ...] = ()
    location_reference: tuple[Reference, ...] = ()
    destination_reference: Reference | None = None
    eta: str | None = None
    notes_reference: tuple[Reference, ...] = ()
    j_commercial_vehicle_component: dict[str, Any] | None = None
    item_reference: tuple[Reference, ...] = ()


class Incident(Component, frozen=True, kw_only=True):
    """What happened, where, how it stands."""

    incident_type_common_registry_text: str
    incident_type_internal_code: str | None = None
    incident_type_internal_text: str | None = None
    incident_status_internal_text: tuple[str, ...] = ()
    incident_status_common_registry_text: tuple[str, ...] = ()
    internal_incident_id: str | None = None
    agent_reference: tuple[Reference, ...] = ()
    location_reference: tuple[Reference, ...] = ()
    person_reference: tuple[Reference, ...] = ()
    organization_reference: tuple[Reference, ...] = ()
    vehicle_reference: tuple[Reference, ...] = ()
    document_identification: tuple[str, ...] = ()
    report_number_type: str | None = None
    incident_priority_internal_text: str | None = None
    incident_common_priority_number: int | None = None
    beat_or_dispatch_group_text: str | None = None
    disposition_component: tuple[Disposition, ...] = ()
    notes_reference: tuple[Reference, ...] = ()


class Call(Component, frozen=True, kw_only=True):
    """One call."""

    standard_primary_call_type: str
    direction: Literal["incoming", "outgoing", "internal"]
    call_start_timestamp: str
    call_state_registry_text: str
    related_call_identifier: tuple[str, ...] = ()
    queue_identifier: str | None = None
    standard_secondary_call_type: str | None = None
    local_call_type: str | None = None
    priority_identifier: Literal["highest", "high", "normal", "low", "lowest"] | None = None
    additional_data_reference: tuple[Reference, ...] = ()
    answer_date: str | None = None
    agent_reference: tuple[Reference, ...] = ()
    call_back_reference: Reference | None = None
    verstat: str | None = None
    sip_identity: str | None = None
    location_reference: tuple[Reference, ...] = ()
    notes_reference: tuple[Reference, ...] = ()
    person_reference: tuple[Reference, ...] = ()
    organization_reference: tuple[Reference, ...] = ()
    agency_reference: tuple[Reference, ...] = ()


class Callback(Component, frozen=True, kw_only=True):
    """How a person can be called back."""

    call_back_information_uri: tuple[str, ...] = ()
    device_contact_header: str | None = None
    updated_cbn: UpdatedCallback | None = None


class UpdatedCallback(Component, frozen=True, kw_only=True):
    """Another number to call back."""

    updated_cbn_identifier_uri: str
    updated_cbn_caller_description: str | None = None


class Resource(Component, frozen=True, kw_only=True):
    """A unit: exactly one primary status and a set of secondaries."""

    emergency_resource_type_common_registry_text: str
    resource_attribute_registry_text: tuple[str, ...]
    primary_unit_status_registry_text: str
    secondary_unit_status_registry_text: tuple[str, ...]
    agent_reference: tuple[Reference, ...]
    emergency_resource_type_internal_text: str | None = None
    resource_attribute_internal_text: tuple[str, ...] = ()
    emergency_resource_name: str | None = None
    notes_reference: tuple[Reference, ...] = ()
    unit_status_internal: tuple[str, ...] = ()
    unit_location_reference: Reference | None = None
    unit_destination_reference: Reference | None = None
    eta: str | None = None
    person_reference: tuple[Reference, ...] = ()
    vehicle_reference: tuple[Reference, ...] = ()
    item_reference: tuple[Reference, ...] = ()
    active_on_incident_id: str | None = None
    stacked_on_incident_id: tuple[str, ...] = ()


class Dispatch(Component, frozen=True, kw_only=True):
    """One act of sending."""

    agency_reference: Reference | None = None
    agent_reference: Reference | None = None
    emergency_resource_reference: tuple[Reference, ...] = ()
    notes_reference: tuple[Reference, ...] = ()


class Alarm(Component, frozen=True, kw_only=True):
    """What an alarm or a sensor said."""

    csaa_alarm_information: str | None = None
    alarm_url: str | None = None
    agent_reference: Reference | None = None
    notes_reference: tuple[Reference, ...] = ()


class Media(Component, frozen=True, kw_only=True):
    """A picture, a film, a recording."""

    uri: str
    content_type: str
    label: str | None = None


class CallLegState(Component, frozen=True, kw_only=True):
    """A leg of a call whose state is not that of the call."""

    call_reference: Reference
    call_state_registry_text: str


class SharedCommunication(Component, frozen=True, kw_only=True):
    """A talkgroup or the like that is shared."""

    shared_communication_resource_type: str
    shared_communication_resource_by_reference_url: str | None = None
    shared_communication_resource_by_value: str | None = None
    connected_shared_communication_resources: tuple[Reference, ...] = ()
    notes_reference: tuple[Reference, ...] = ()


class ExternalSource(Component, frozen=True, kw_only=True):
    """Somewhere else to ask."""

    external_source_registry_text: str
    external_source_acess_string: str | None = None  # spelled as published


class Caution(Component, frozen=True, kw_only=True):
    """What may harm people there."""

    caution_type_internal_text: str
    caution_type_common_registry_text: str
    caution_severity: Literal["highest", "high", "normal", "low", "lowest"]
    caution_type_common_sub_registry_text: tuple[str, ...] = ()
    caution_source: str | None = None
    start_date: str | None = None


class Eido(Component, frozen=True, kw_only=True):
    """The whole: its `$id` is the incident tracking id."""

    eido_version: Literal["1.0"]
    issuing_element_identification: str
    agency_component: tuple[Agency, ...]
    eido_extension_id: tuple[str, ...] = ()
    merge_component: tuple[Merge, ...] = ()
    link_component: tuple[Link, ...] = ()
    incident_component: Incident | None = None
    call_component: tuple[Call, ...] = ()
    callback_component: tuple[Callback, ...] = ()
    dispatch_component: tuple[Dispatch, ...] = ()
    notes_component: tuple[Note, ...] = ()
    emergency_resource_component: tuple[Resource, ...] = ()
    alarms_sensors_component: tuple[Alarm, ...] = ()
    agent_component: tuple[Agent, ...] = ()
    additional_data_component: tuple[AdditionalData, ...] = ()
    location_component: tuple[Location, ...] = ()
    person_component: tuple[Person, ...] = ()
    vehicle_component: tuple[Vehicle, ...] = ()
    caution_component: tuple[Caution, ...] = ()
    media_component: tuple[Media, ...] = ()
    shared_communication_resource_component: tuple[SharedCommunication, ...] = ()
    external_information_source_component: tuple[ExternalSource, ...] = ()
    context: dict[str, Any] | None = msgspec.field(default=None, name="@context")
