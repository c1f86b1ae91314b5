"""EIDO against its published schema (NENA-STA-021.1, OpenAPI with 43 NIEM files): the sample, our values, whole days.

The schema has one slip, a `minItems` that is the text "1,": it is dropped in memory. Times are kept as texts.
"""

import copy
import csv
import json
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
import pytest
import yaml
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from redstick.bootstrap import open_in_memory
from redstick.dispatch.exchange.changes import changed_incidents
from redstick.dispatch.exchange.eido import eido_of
from redstick.dispatch.exchange.profile import Agency, Profile
from redstick.geo.routing import open_router
from redstick.protocols.eido import codes, components
from redstick.protocols.eido.codec import check, decode, encode
from redstick.simulation.parish import generate
from redstick.simulation.shift import Shift

MORNING = round(datetime(2026, 11, 20, 6, 0, tzinfo=ZoneInfo("America/Chicago")).timestamp() * 1000)
HOUR = 3_600_000
HERE = "file:///schema/"  # no address: files refer to each other by relative names
ROOT = "EmergencyIncidentDataObjectType"
SAMPLE = "ng911/eido/Samples/Sample call transfer EIDO.json"
PROFILE = Profile("cad.parish.example", Agency("ecc.parish.example", ("psap",), ("CallReceiving",)))
STRUCTS = {
    "AgencyType": components.Agency, "AgentType": components.Agent, "MergeInformationType": components.Merge,
    "LinkInformationType": components.Link, "NotesType": components.Note,
    "AdditionalDataType": components.AdditionalData, "LocationInformationType": components.Location,
    "PersonInformationType": components.Person, "DispositionType": components.Disposition,
    "VehicleInformationType": components.Vehicle, "IncidentInformationType": components.Incident,
    "CallInformationType": components.Call, "CallbackType": components.Callback,
    "UpdatedCBNType": components.UpdatedCallback, "EmergencyResourceType": components.Resource,
    "DispatchInformationType": components.Dispatch, "AlarmsSensorsType": components.Alarm,
    "MediaType": components.Media, "CallLegStateType": components.CallLegState,
    "SharedCommunicationResourceType": components.SharedCommunication,
    "ExternalInformationSourceType": components.ExternalSource, "CautionType": components.Caution,
    ROOT: components.Eido,
}  # fmt: skip


class Texts(yaml.CSafeLoader):
    """YAML in which a time stays the text that it is."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def published(third_party):
    """The schema as published, without its slip."""
    schema = yaml.load(third_party("ng911/eido/Schema/openapi.yaml").read_text(), Texts)  # noqa: S506  (a loader that builds plain values only)
    agent = schema["components"]["schemas"]["AgentType"]["allOf"][1]["properties"]["agentRoleRegistryText"]
    assert agent.pop("minItems") == "1,"
    return schema


@pytest.fixture(scope="module")
def errors_of(published, third_party):
    """What the published schema says against an EIDO, as a list."""
    folder = third_party("ng911/eido/Schema")

    @cache
    def other(uri):
        found = yaml.load((folder / uri.removeprefix(HERE)).read_text(), Texts)  # noqa: S506  (a loader that builds plain values only)
        return Resource(found, DRAFT4)

    registry = Registry(retrieve=other).with_resource(f"{HERE}openapi.yaml", Resource(published, DRAFT4))
    validator = Draft4Validator({"$ref": f"{HERE}openapi.yaml#/components/schemas/{ROOT}"}, registry=registry)
    return lambda value: list(validator.iter_errors(value))


@pytest.fixture(scope="module")
def sample(third_party):
    """The sample call transfer, as bytes."""
    return third_party(SAMPLE).read_bytes()


def body(schema):
    """The part of a component's schema beside its prologue."""
    return schema["allOf"][1] if "allOf" in schema else schema


def mandatory(published, name, value, path=()):
    """The path of every mandatory field that a value of the schema `name` holds, at any depth."""
    schemas = published["components"]["schemas"]
    schema = schemas[name]
    parts = [schemas["PrologueType"], body(schema)] if "allOf" in schema else [schema]
    for part in parts:
        yield from ((*path, field) for field in part.get("required", ()) if field in value)
        for field, of in part.get("properties", {}).items():
            if field not in value:
                continue
            target = of.get("$ref", of.get("items", {}).get("$ref", "")).rpartition("/")[2]
            if target not in schemas or schemas[target].get("type") == "string":
                continue
            inner = value[field] if isinstance(value[field], list) else [value[field]]
            for index, one in enumerate(inner):
                step = (field, index) if isinstance(value[field], list) else (field,)
                yield from mandatory(published, target, one, (*path, *step))


def without(value, path):
    """A copy without one field."""
    left = copy.deepcopy(value)
    inner = left
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return left


def test_the_sample_is_right_by_the_schema_and_by_the_strict_check(errors_of, sample):
    """0 errors each; decoding and encoding loses nothing of it."""
    assert errors_of(json.loads(sample)) == []
    assert check(sample) == []
    assert json.loads(encode(decode(sample))) == json.loads(sample)


def test_each_mandatory_field_that_is_taken_away_is_one_error(published, errors_of, sample):
    """Exactly one by the schema, and the strict check names the very place."""
    value = json.loads(sample)
    paths = list(mandatory(published, ROOT, value))
    assert len(paths) > 70
    for path in paths:
        less = without(value, path)
        assert len(errors_of(less)) == 1, path
        [fault] = check(json.dumps(less).encode())
        named = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        assert fault.place == named


def test_what_the_schema_lets_pass_the_strict_check_does_not(errors_of, sample):
    """Unknown properties, codes that no registry holds, references to nothing, times without an offset."""
    for change, place in (
        (lambda v: v.update(color="red"), "$.color"),
        (lambda v: v["personComponent"][0].update(personIncidentRoleRegistryText=["caller"]),
         "$.personComponent[0].personIncidentRoleRegistryText[0]"),
        (lambda v: v["callComponent"][0]["callBackReference"].update({"$ref": "nobody"}),
         "$.callComponent[0].callBackReference.$ref"),
        (lambda v: v["callComponent"][0].update(answerDate="2021-04-30T14:42:00"), "$.callComponent[0].answerDate"),
    ):  # fmt: skip
        value = json.loads(sample)
        change(value)
        assert errors_of(value) == []
        [fault] = check(json.dumps(value).encode())
        assert fault.place == place


def test_our_values_have_the_fields_of_the_schema(published):
    """Every component: the same names, and the same of them mandatory."""
    prologue = published["components"]["schemas"]["PrologueType"]
    for name, struct in STRUCTS.items():
        part = body(published["components"]["schemas"][name])
        fields = msgspec.structs.fields(struct)
        assert {field.encode_name for field in fields} == {*part["properties"], *prologue["properties"]}, name
        needed = {field.encode_name for field in fields if field.required}
        assert needed == {*part.get("required", ()), *prologue["required"]}, name


@pytest.mark.parametrize(
    ("file", "ours"),
    [
        ("incident_types", codes.INCIDENT_TYPES), ("dispositions", codes.DISPOSITIONS),
        ("primary_unit_status", codes.PRIMARY_STATUSES), ("secondary_unit_status", codes.SECONDARY_STATUSES),
        ("incident_status", codes.INCIDENT_STATUSES), ("location_types", codes.LOCATION_TYPES),
        ("person_roles", codes.PERSON_ROLES), ("resource_types", codes.RESOURCE_TYPES),
        ("resource_attributes", codes.RESOURCE_ATTRIBUTES),
    ],
)  # fmt: skip
def test_the_code_lists_are_those_of_the_standard(third_party, file, ours):
    """Each list, code for code."""
    with third_party(f"ng911/eido/codes/{file}.csv").open(encoding="utf-8", newline="") as lines:
        assert {row["code"] for row in csv.DictReader(lines)} == ours


class Sent:
    """A living shift: each change of an incident makes an EIDO, and each is judged by both checks.

    The schema looks at a component alone, so that one which it has judged, byte for byte, need not be judged again.
    """

    def __init__(self, errors_of):
        self.errors_of, self.judged = errors_of, set()
        self.made, self.faulty, self.calls = 0, [], set()
        parish, self.driver = generate(7), open_in_memory()
        self.driver.listen(self.see)
        self.shift = Shift(parish, self.driver, open_router(parish.city.roads), 7, MORNING, busiest_per_hour=75.0)

    def see(self, facts):
        """Make an EIDO of every incident that facts have changed."""
        state = self.driver.executor.committed["dispatch"]
        self.calls.update(state.calls)
        for fact in facts:
            for name in changed_incidents(state, fact):
                self.made += 1
                self.judge(encode(eido_of(state, name, fact.envelope.at, PROFILE)))

    def judge(self, data):
        """Keep what either check says against it."""
        said = [str(error.message) for error in self.errors_of(self.fresh(json.loads(data)))]
        said += [str(fault) for fault in check(data)]
        if said:
            self.faulty.append((data, said))

    def fresh(self, value):
        """The EIDO without the components that were judged before."""
        left = {}
        for name, inner in value.items():
            if isinstance(inner, list):
                new = [one for one in inner if json.dumps(one) not in self.judged]
                self.judged.update(json.dumps(one) for one in new)
                inner = new
            left[name] = inner
        return left


def test_a_fault_in_a_sent_eido_is_seen(errors_of, sample):
    """The judge of the tests below: a planted fault of either kind is kept, and the sample is not."""
    sent = Sent(errors_of)
    sent.judge(sample)
    assert sent.faulty == []
    for field, wrong in (("issuingElementIdentification", 7), ("updatedByAgencyReference", {"$ref": "nobody"})):
        sent.judge(json.dumps(json.loads(sample) | {field: wrong}).encode())
    assert len(sent.faulty) == 2


def test_every_eido_of_simulated_hours_is_valid(errors_of):
    """Three busy hours, an EIDO at every change: none has a fault, by schema or by strict check."""
    sent = Sent(errors_of)
    sent.shift.advance(MORNING + 3 * HOUR)
    assert sent.made > 1000
    assert sent.faulty == []


@pytest.mark.slow
def test_every_eido_of_a_simulated_day_is_valid(errors_of):
    """A whole day of more than 1,000 calls, every single one."""
    sent = Sent(errors_of)
    sent.shift.advance(MORNING + 24 * HOUR)
    assert len(sent.calls) > 1000
    assert sent.made > 12_000
    assert sent.faulty == []
