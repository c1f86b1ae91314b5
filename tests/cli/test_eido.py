"""`redstick eido check`: the judge of EIDOs, as a person calls it."""

import json

import pytest


@pytest.fixture
def sample(third_party):
    """The published sample."""
    return third_party("ng911/eido/Samples/Sample call transfer EIDO.json")


def test_the_published_sample_keeps_to_the_standard(run, sample):
    """Exit code 0, and nothing to say against it."""
    done = run("eido", "check", sample, "--json")
    assert (done.code, done.json) == (0, [{"file": str(sample), "ok": True, "faults": []}])


def test_each_fault_is_named_by_its_place(run, sample, tmp_path):
    """Exit code 1; the good file beside it stays good."""
    value = json.loads(sample.read_text())
    value["callComponent"][0]["direction"] = "sideways"
    del value["agencyComponent"][0]["agencyType"]
    spoiled = tmp_path / "spoiled.json"
    spoiled.write_text(json.dumps(value))
    done = run("eido", "check", sample, spoiled)
    assert done.code == 1
    assert "$.callComponent[0].direction: expected one of incoming, internal, outgoing" in done.out
    assert "$.agencyComponent[0].agencyType: expected a value; it is mandatory" in done.out
    assert f"{sample}: keeps to the standard" in done.out


def test_a_file_that_is_not_there_is_a_misuse(run, tmp_path):
    """Exit code 2, and its name."""
    done = run("eido", "check", tmp_path / "none.json")
    assert done.code == 2
    assert "none.json" in done.err
