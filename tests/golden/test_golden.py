"""Golden journals: what a released version wrote is read, and folded to the same, by every version after it."""

import ast
import json
from functools import cache
from pathlib import Path

import msgspec
import pytest
from tests.golden.make import DOMAINS, fold_of, write

import redstick
from redstick.adapters.disk import PosixDisk
from redstick.adapters.ledgers import SqlLedger, SubjectIndex, open_database
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.untouched import UntouchedDisk
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.rules.incidents import AlarmRaised
from redstick.kernel.envelope import opened
from redstick.kernel.evolution import ALWAYS_ACTIVE
from redstick.kernel.house import House
from redstick.kernel.ledgers import catch_up
from redstick.kernel.readiness import readiness
from redstick_verify.__main__ import check

HERE, SOURCE = Path(__file__).parent, Path(redstick.__file__).parent
VERSIONS = sorted(path.name for path in HERE.iterdir() if (path / "fold.json").is_file())
MAKE = f"run `.venv/bin/python tests/golden/make.py` (or, once {redstick.__version__} is released, raise the version)"


@pytest.fixture
def journal(version):
    """The golden journal of a version, looked at."""
    found = SegmentJournal(UntouchedDisk(PosixDisk(HERE / version / "journal")))
    yield found
    found.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_it_verifies(version):
    """By the verifier that knows nothing of ours: chain, positions, seals."""
    found = check(HERE / version / "journal")
    assert (found["ok"], found["faults"], found["torn"]) == (True, [], None)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_read_and_folded_to_the_same(version):
    """Every state that it folds to is the one that was written down when it was made."""
    told = json.loads((HERE / version / "fold.json").read_text())
    folded = fold_of(HERE / version)
    assert folded["head"] == told["head"]
    for domain in House(DOMAINS).domains.values():
        if domain.name in told["states"]:
            expected = msgspec.convert(told["states"][domain.name], domain.state)
            state = msgspec.convert(folded["states"][domain.name], domain.state)
            assert state == expected, domain.name


@pytest.mark.parametrize("version", VERSIONS)
def test_an_upgrade_would_be_well(version, journal):
    """`redstick upgrade --check` would find nothing that this version cannot read or fold."""
    found = readiness(House(DOMAINS), journal.read(), journal.gaps)
    assert found.ok, found.unreadable or found.broken


@pytest.mark.parametrize("version", VERSIONS)
def test_its_ledger_and_its_index_can_be_built(version, journal):
    """To its last line."""
    for kept in (SqlLedger(open_database(None), LEDGER), SubjectIndex(open_database(None))):
        catch_up(kept, journal, House(DOMAINS))
        assert kept.standing() == journal.head()


@cache
def kinds_of_the_code_base():
    """Every kind that is declared anywhere in the source, and its newest version; the simulator's own reach no city."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] != "simulation":
            for node in ast.walk(ast.parse(path.read_text())):
                declared = [call for call in getattr(node, "decorator_list", []) if is_event(call)]
                found |= {call.args[0].value: version_of(call) for call in declared}
    return found


def is_event(decorator):
    """Whether a decorator is `@event("…")`."""
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "event"


def version_of(call):
    """The version that an `@event` declares."""
    return next((word.value.value for word in call.keywords if word.arg == "version"), 1)


def golden_kinds(version):
    """Kinds in a golden journal, with their versions."""
    stored = SegmentJournal(UntouchedDisk(PosixDisk(HERE / version / "journal")))
    found = {}
    for envelope in map(opened, stored.read()):
        found[envelope.kind] = max(envelope.version, found.get(envelope.kind, 0))
    stored.close()
    return found


def test_every_kind_has_a_golden_line():
    """Whoever adds a kind, or a version of one, adds it to the golden journal of this version."""
    golden = golden_kinds(redstick.__version__)
    lacking = {f"{kind} {version}" for kind, version in kinds_of_the_code_base().items() if golden.get(kind) != version}
    assert not lacking, f"{sorted(lacking)} has no line: add it to a story in tests/golden, then {MAKE}"


def test_the_search_for_kinds_finds_what_is_registered():
    """Whatever a domain of the house applies is among the kinds of the source."""
    registered = {cls.event_kind: cls.event_version for cls in House(DOMAINS).appliers}
    assert registered.items() <= kinds_of_the_code_base().items()


def test_no_kind_is_ever_given_up():
    """What any golden journal holds, this version still declares."""
    declared = kinds_of_the_code_base()
    for version in VERSIONS:
        assert {kind for kind in golden_kinds(version) if kind not in declared} == set(), version


def test_what_is_always_active_is_what_the_first_release_had():
    """The kernel's own kinds of 0.1.0, no more and no fewer: every node that ever was reads them."""
    kernel = {kind: version for kind, version in golden_kinds("0.1.0").items() if kind.startswith("kernel.")}
    assert kernel == ALWAYS_ACTIVE


def test_making_it_twice_gives_the_same_lines(tmp_path):
    """No clock, no dice: the same seedless story gives the same bytes."""
    lines = []
    for name in ("one", "other"):
        write(tmp_path / name)
        stored = SegmentJournal(UntouchedDisk(PosixDisk(tmp_path / name / "journal")))
        lines.append(list(stored.read()))
        stored.close()
    assert lines[0] == lines[1]
    assert (tmp_path / "one" / "fold.json").read_bytes() == (tmp_path / "other" / "fold.json").read_bytes()


def test_a_fold_that_changed_is_seen(tmp_path, monkeypatch):
    """An applier that does something else than when the golden journal was made does not pass."""
    write(tmp_path)
    monkeypatch.setitem(DOMAINS[0].appliers, AlarmRaised, lambda state, happened, at: None)
    assert fold_of(tmp_path) != json.loads((tmp_path / "fold.json").read_text())
