"""A real process under load, killed at random moments: everything that it acknowledged is there, once."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from redstick_verify.journal import check, lines

LOADER = Path(__file__).with_name("loader.py")


def killed(folder, first, random):
    """Run the loader and kill it at a random moment, mostly under load; gives the ids that it acknowledged."""
    command = [sys.executable, str(LOADER), str(folder), str(first), str(random.random())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        if random.random() < 0.9:
            assert process.stdout.readline() == "open\n", process.stderr.read()
        time.sleep(random.random() * random.choice((0.01, 0.1, 0.4)))  # this chooses the moment, and decides nothing
        process.kill()
        said = process.stdout.read()
    whole, _, _ = said.rpartition("\n")  # the pipe may break off within a line
    return [line for line in whole.split("\n") if line.startswith("c")]


def killings(folder, count, seed):
    """Kill one life after the other over one journal; gives how many commands were acknowledged in all."""
    random, acknowledged = Random(seed), []
    for _ in range(count):
        first = int(acknowledged[-1][1:]) + 1 if acknowledged else 0
        acknowledged += killed(folder, first, random)
        if not list(folder.glob("segment-*")):
            continue
        found = check(folder)
        assert found["ok"], found
        causes = Counter(command for _, line in lines(folder) for command in [commanded(line)] if command)
        assert [command for command in acknowledged if causes[command] != 1] == []
    return len(acknowledged)


def commanded(line):
    """The command that a line completes, if it does."""
    body = json.loads(line[65:])
    return body["cause"] if body.get("part", 1) == body.get("parts", 1) else None


def turnings(folder, count, seed):
    """Turn bits in what the killed processes left, one after the other: each is found, and no command is missed."""
    folder.journal().close()  # settles what was not acknowledged
    stored, random = [line for _, line in lines(folder.path)], Random(seed)
    for _ in range(count):
        folder.live_with_a_turned_bit(stored, random)


def test_a_killed_process_has_lost_nothing_that_it_acknowledged(folder):
    """SIGKILL at 12 random moments: after each, every acknowledged command is there exactly once, nothing is damaged.

    What was not acknowledged is asked again under the same id by the next life, and is still there only once. And bits
    that are turned in what is left are named, and cost nothing.
    """
    assert killings(folder.path, 12, seed=1) > 100
    turnings(folder, 6, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(15))
def test_three_hundred_killings_and_turned_bits(folder, part):
    """The same at 300 moments, 20 over each journal, and for 300 bits of what that left."""
    assert killings(folder.path, 20, seed=f"part {part}") > 100
    turnings(folder, 20, seed=f"part {part}")
