"""The SigmaHQ corpus: all of it compiles, its recorded events fire, and no hit differs from a naive evaluator's."""

import gzip
import json
import tarfile
from collections import defaultdict
from datetime import UTC, datetime

import pytest
import yaml
from tests.defense.sigma.naive import NaiveRule, read_rules

from redstick.defense.readers.event import Tally
from redstick.defense.readers.files import Settings, open_events
from redstick.defense.sigma.image import load
from redstick.defense.sigma.logsources import CATEGORY_PLACES, SERVICE_CHANNELS
from redstick.defense.sigma.rawlines import LineJudge

SETTINGS = Settings(datetime(2026, 1, 1, tzinfo=UTC))
HEADERS = {"Provider_Name": ("SourceName", "ProviderName"), "Computer": ("Hostname", "ComputerName", "MachineName")}
PROCESS_4688 = {
    "Image": "NewProcessName",
    "ParentImage": "ParentProcessName",
    "User": "SubjectUserName",
    "LogonId": "SubjectLogonId",
    "IntegrityLevel": "MandatoryLabel",
}
PROCESS_4689 = {"Image": "ProcessName", "User": "SubjectUserName"}


@pytest.fixture(scope="module")
def corpus(third_party, tmp_path_factory):
    """The folder of rules."""
    folder = tmp_path_factory.mktemp("rules")
    with tarfile.open(third_party("security/sigma_rules.tar.gz")) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def compiled(corpus):
    """The rule set, without an image."""
    return load(corpus)


@pytest.fixture(scope="module")
def naive_rules(corpus):
    """The same rules for the naive evaluator."""
    return [NaiveRule(rule) for rule in read_rules(corpus / "rules") if rule.logsource.product in {"windows", "linux"}]


def test_every_rule_compiles_but_two_that_need_the_citys_own_values(compiled):
    """3,755 of 3,757: what is left names a placeholder that only the user can fill, and says so."""
    assert len(compiled.rules.rules) + len(compiled.rules.refusals) == 3757
    assert [r.reason.partition(" has no")[0] for r in compiled.rules.refusals] == ["placeholder %known_cdcs%"] * 2
    assert compiled.rules.unrouted == ()


def test_placeholders_with_values_complete_the_corpus(corpus):
    """With the placeholder's values given nothing is refused."""
    certighost = next(corpus.rglob("win_security_adcs_certighost_cdc_chase_request.yml"))
    assert not load(certighost, placeholders={"known_cdcs": ["dc1.city.example"]}).rules.refusals


def regression_events(third_party, folder):
    """Every recorded file of the regression archive with the rules that it must fire."""
    with tarfile.open(third_party("security/sigma_regression.tar.gz")) as archive:
        archive.extractall(folder, filter="data")
    for info in sorted(folder.rglob("info.yml")):
        wanted = {rule["id"] for rule in yaml.safe_load(info.read_text())["rule_metadata"]}
        for path in sorted(info.parent.iterdir()):
            if path.suffix in {".evtx", ".json"}:
                yield path, wanted


def test_every_recorded_event_fires_its_rule_from_evtx_and_from_json(compiled, third_party, tmp_path):
    """208 files, none missed; both forms of a recording fire the same rules."""
    ids = [rule.about.id for rule in compiled.rules.rules]
    by_recording = defaultdict(set)
    missed, files = [], 0
    for path, wanted in regression_events(third_party, tmp_path):
        files += 1
        fired = frozenset(
            ids[n]
            for event in open_events(path, Tally(), SETTINGS)
            for n in compiled.engine.match(event.source, event.fields, event.raw)
        )
        by_recording[path.with_suffix("")].add(fired)
        if not wanted <= fired:
            missed.append(path.name)
    assert files == 208
    assert missed == []
    assert [path.name for path, forms in by_recording.items() if len(forms) > 1] == []


def test_a_recording_with_a_broken_chunk_is_counted_and_the_stream_goes_on(third_party, tmp_path):
    """Damage at every part of a real recording: what was received is decoded or lost, and nothing is raised."""
    path, _ = next(p for p in regression_events(third_party, tmp_path) if p[0].suffix == ".evtx")
    whole = path.read_bytes()
    torn = tmp_path / "torn.evtx"
    lost = 0
    for at in (16, 4096, 4096 + 48, 4096 + 512, 4096 + 700, 4096 + 1500):
        torn.write_bytes(whole[:at] + b"\xff" * 64 + whole[at + 64 :])
        tally = Tally()
        events = list(open_events(torn, tally, SETTINGS))
        assert len(events) == tally.decoded == tally.received - tally.lost
        lost += tally.lost
    assert lost


def places_of(rule):
    """Channel and event id pairs that a Windows rule may see; None for the event id means every one, and [] nothing."""
    by_category = set(CATEGORY_PLACES.get(rule.source.category, ())) if rule.source.category else None
    by_service = {c.lower() for c in SERVICE_CHANNELS.get(rule.source.service, ())} if rule.source.service else None
    return by_category, by_service


def naive_hits(rules, path):
    """(line, rule id) of every rule that fires on a file of flat Windows events."""
    places = [(rule, *places_of(rule)) for rule in rules if rule.source.product == "windows"]
    seen_by = {}
    with gzip.open(path) as lines:
        for number, line in enumerate(lines, 1):
            event = json.loads(line)
            for name, others in HEADERS.items():
                own = next((other for other in others if other in event), None)
                if name not in event and own:
                    event[name] = event[own]
            place = (str(event["Channel"]).lower(), str(event["EventID"]))
            if place[0] == "security" and place[1] in {"4688", "4689"}:
                aliases = PROCESS_4688 if place[1] == "4688" else PROCESS_4689
                event |= {name: event[own] for name, own in aliases.items() if own in event and name not in event}
            if place not in seen_by:
                seen_by[place] = [
                    rule
                    for rule, cat, svc in places
                    if (cat is None or place in cat) and (svc is None or place[0] in svc)
                ]
            for rule in seen_by[place]:
                if rule.fires(event) and not opposite(rule, event):
                    yield number, rule.id


def opposite(rule, event):
    """Sysmon 12 is the key's making and its deletion; a rule of one kind is not for the other."""
    kind = str(event.get("EventType", "")).casefold()
    if rule.source.category == "registry_add":
        return kind.startswith("delete")
    return rule.source.category == "registry_delete" and kind == "createkey"


def engine_hits(compiled, path, rules, *, judged):
    """(line, rule id) by the engine, with or without the judge that spares clean lines."""
    ids = [rule.about.id for rule in compiled.rules.rules]
    settings = Settings(SETTINGS.reference, is_clean=LineJudge(compiled.engine).is_clean if judged else None)
    tally = Tally()
    for event in open_events(path, tally, settings):
        for n in compiled.engine.match(event.source, event.fields, event.raw):
            if ids[n] in rules:
                yield event.number, ids[n]
    assert tally.received == tally.decoded + tally.spared + tally.lost


def compared(compiled, naive_rules, path):
    """Hits by both, and those that only one of the two has."""
    known = {rule.id for rule in naive_rules}
    naive = set(naive_hits(naive_rules, path))
    for judged in (False, True):
        engine = set(engine_hits(compiled, path, known, judged=judged))
        assert sorted(naive - engine) == [], f"missed in {path.name}, judged {judged}"
        assert sorted(engine - naive) == [], f"extra in {path.name}, judged {judged}"
    return len(naive)


@pytest.mark.parametrize(
    ("name", "hits"),
    [
        ("psh_lsass_memory_dump_comsvcs_2020-10-18T19500924.json.gz", 0),
        ("empire_shell_net_local_users_2020-09-21192606.json.gz", 0),
        ("reg_stop_event_logging_controlset_minint_key.json.gz", 0),
    ],
)
def test_hits_over_attack_recordings_equal_the_naive_evaluators(compiled, naive_rules, third_party, name, hits):
    """No hit missed and none too many, event by event and rule by rule, with and without sparing clean lines."""
    assert compared(compiled, naive_rules, third_party(f"security/otrf/{name}")) > hits


@pytest.mark.slow
def test_hits_over_all_attack_recordings_equal_the_naive_evaluators(compiled, naive_rules, third_party):
    """All eight recordings, 63,544 events: 522 hits by both evaluators."""
    paths = sorted(third_party("security/otrf").glob("*.json.gz"))
    assert sum(compared(compiled, naive_rules, path) for path in paths) == 522


def test_the_comparison_finds_a_planted_fault(compiled, naive_rules, third_party):
    """A naive evaluator that lost one rule does not agree: the comparison can fail."""
    path = third_party("security/otrf/psh_lsass_memory_dump_comsvcs_2020-10-18T19500924.json.gz")
    hits = sorted({rule for _, rule in naive_hits(naive_rules, path)})
    assert hits
    without = [rule for rule in naive_rules if rule.id != hits[0]]
    assert {rule for _, rule in naive_hits(without, path)} == set(hits[1:])
    assert hits[0] in {rule for _, rule in engine_hits(compiled, path, {rule.id for rule in naive_rules}, judged=True)}
