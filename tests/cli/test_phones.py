"""`redstick phones import`: a list whole or not at all, each fault with its line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from redstick.bootstrap import open_journaled

REDSTICK = str(Path(sys.executable).with_name("redstick"))
PASSWORD = "a sentence that nobody else would say"
GOOD = "number,name,department,direct\n2100,Ann Able,Parks,+12255552100\n2101,Bob Best,Clerk,\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A data folder with an administrator."""
    data = tmp_path_factory.mktemp("city") / "data"
    run("people", "add", "ada", "--data", str(data), "--password-stdin")
    return data


def run(*arguments):
    """A command of ours, to its end, with ada's password."""
    return subprocess.run(
        [REDSTICK, *arguments], input=f"{PASSWORD}\n", capture_output=True, text=True, timeout=60, check=False
    )


def imported(city, text, *more):
    """What becomes of a list."""
    file = city.parent / "people.csv"
    file.write_text(text)
    return run("phones", "import", str(file), "--data", str(city), "--as", "ada", "--password-stdin", *more)


def numbers(city):
    """The numbers that there are."""
    driver = open_journaled(city)
    try:
        return sorted(driver.executor.committed["phones"].numbers)
    finally:
        driver.journal.close()


def test_a_list_is_taken_whole_or_not_at_all(city):
    """A faulty line, and one that what is here already stands against, are named with their lines; nothing is done."""
    faulty = imported(city, GOOD + "9110,Eve Ess,,\n,Nobody,,\n")
    assert faulty.returncode == 1
    assert "line 4: 9110 is too near 911" in faulty.stderr
    assert "line 5: '' is no extension" in faulty.stderr
    assert numbers(city) == []
    assert imported(city, GOOD, "--check").returncode == 0
    assert numbers(city) == []
    done = imported(city, GOOD, "--json")
    assert json.loads(done.stdout) == {"people": 2, "done": True}
    assert numbers(city) == ["2100", "2101"]
    against = imported(city, "number,name,direct\n2102,Cee Clark,\n\n2103,Dee Dunn,+12255552100\n")
    assert against.returncode == 1
    assert "line 4: direct_taken" in against.stderr
    assert numbers(city) == ["2100", "2101"]
