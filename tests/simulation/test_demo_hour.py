"""An hour of the demo, from its own process to a verifier that has nothing of ours."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import redstick_verify
from redstick.bootstrap import JOURNAL_FOLDER, open_journaled

HOUR = 3_600_000
# As on a machine without Redstick: importing any of it fails.
ALONE = """
import runpy, sys
sys.modules['redstick'] = None
runpy.run_module('redstick_verify', run_name='__main__')
"""


@pytest.fixture(scope="module")
def lived(begin, tmp_path_factory):
    """The folder of a parish that lived through an hour, and the head of its journal."""
    folder = tmp_path_factory.mktemp("demo")
    driver = open_journaled(folder)
    shift = begin(driver=driver)
    shift.advance(shift.timeline.now + HOUR)
    head = driver.executor.durable
    return folder / JOURNAL_FOLDER, head


@pytest.fixture
def alone(tmp_path):
    """An empty folder with nothing but the verifier's own files in it."""
    shutil.copytree(Path(redstick_verify.__file__).parent, tmp_path / "redstick_verify")
    return tmp_path


def verified(journal, alone):
    """What the verifier says from a folder that holds nothing else."""
    return subprocess.run([sys.executable, "-c", ALONE, journal], cwd=alone, capture_output=True, text=True)


def test_an_hour_of_the_demo_is_verified_from_an_empty_directory(lived, alone):
    """Every line of it, to the very head, by a program that cannot import anything else of this project."""
    journal, head = lived
    said = verified(journal, alone)
    assert said.returncode == 0, said.stderr
    assert head.position > 250
    assert f"{head.position}" in said.stdout
    assert head.hash.hex() in said.stdout


def test_a_bit_turned_in_the_demo_hour_is_named(lived, alone, tmp_path):
    """Not accepted, and the place is said."""
    copy = tmp_path / "journal"
    shutil.copytree(lived[0], copy)
    path = min(copy.glob("segment-*"))
    data = bytearray(path.read_bytes())
    data[5_000] ^= 4
    path.write_bytes(bytes(data))
    said = verified(copy, alone)
    assert said.returncode == 1
    assert path.name in said.stdout + said.stderr
