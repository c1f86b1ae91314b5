"""The command line as a person meets it: exit codes, one clear line, nothing half-written."""

import csv
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from redstick.cli.main import GROUPS

COLUMNS = """
redstick_columns = 1
source = "made by hand"
one_row_per = "unit"
time_zone = "America/Chicago"
dates = ["%Y-%m-%d %H:%M:%S"]
[columns]
call = "call"
incident = "call"
unit = "unit"
unit_kind = "kind"
call_type = "type"
address = "address"
disposition = "ending"
[stamps]
received = "received"
answered = "answered"
entered = "entered"
dispatched = "sent"
en_route = "rolling"
on_scene = "there"
available = "back"
"""
HEAD = ["call", "unit", "kind", "type", "address", "ending", "received", "answered", "entered", "sent", "rolling"]
ROWS = [
    [*HEAD, "there", "back"],
    ["1", "E1", "ENGINE", "Fire", "1 OAK ST", "Fire out", *(f"2024-05-01 10:0{i}:00" for i in range(7))],
    ["1", "M2", "MEDIC", "Fire", "1 OAK ST", "Fire out", *(f"2024-05-01 10:0{i}:30" for i in range(7))],
    ["2", "E1", "ENGINE", "=1+1", "9 ELM ST", "None", *(f"2024-05-01 11:1{i}:00" for i in range(7))],
]  # fmt: skip


def redstick(*arguments, folder=None):
    """Run a command; gives the finished process."""
    command = [sys.executable, "-c", "from redstick.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ})


@pytest.fixture
def export(tmp_path):
    """A small export with its column map: (calls, columns)."""
    calls, columns = tmp_path / "calls.csv", tmp_path / "columns.toml"
    with calls.open("w", newline="") as file:
        csv.writer(file).writerows(ROWS)
    columns.write_text(COLUMNS)
    return calls, columns


def test_help_lists_every_group_and_imports_none():
    """The first thing a newcomer types answers with every command."""
    done = redstick("--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in GROUPS)


@pytest.mark.parametrize("name", list(GROUPS))
def test_every_group_explains_itself(name):
    """`redstick NAME --help` works for each command that the list names."""
    done = redstick(name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout


def test_an_unknown_command_is_a_misuse():
    """Exit code 2 and one line."""
    done = redstick("fly")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [
    ("replay", "nowhere.csv"),
    ("neris", "nowhere.csv"),
    ("report", "nowhere.csv"),
    ("shadow", "nowhere", "--columns", "x.toml"),
    ("shadow", "sqlite:///x.db", "--columns", "x.toml"),
    ("verify", "."),
    ("recommend", "--city", "nowhere", "--type", "ENGINE", "--at", "1,1"),
])  # fmt: skip
def test_what_is_not_there_is_said_in_one_line(arguments, tmp_path):
    """A missing file, folder or option is exit code 2, one line, no traceback, and leaves nothing behind."""
    done = redstick(*arguments, folder=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_replay_writes_a_page_and_a_journal_that_verifies(export, tmp_path):
    """The page, the journal, and the check of it."""
    calls, columns = export
    done = redstick("replay", calls, "--columns", columns, "--out", tmp_path / "r.html", "--data", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "<!DOCTYPE html>" in (tmp_path / "r.html").read_text()
    verified = json.loads(redstick("verify", tmp_path / "data", "--json").stdout)
    assert verified["ok"]
    segment = next((tmp_path / "data" / "journal").iterdir())
    segment.write_bytes(segment.read_bytes().replace(b"OAK", b"ELM", 1))
    broken = redstick("verify", tmp_path / "data")
    assert broken.returncode == 1
    assert segment.name in broken.stderr


def test_a_replay_is_the_same_twice(export, tmp_path):
    """The same export gives the same journal, byte for byte, whatever the hash seed."""
    calls, columns = export
    heads = set()
    for name in ("a", "b"):
        answer = redstick("replay", calls, "--columns", columns, "--data", tmp_path / name, "--json").stdout
        heads.add(json.loads(answer)["head"])
    assert len(heads) == 1


def test_a_view_that_is_not_there_is_a_failure_that_says_what_to_do(export, tmp_path):
    """Exit code 1: the call was right, the world was not."""
    sqlite3.connect(tmp_path / "cad.db").close()
    done = redstick("shadow", f"sqlite:///{tmp_path}/cad.db", "--view", "v", "--columns", export[1], "--once")
    assert done.returncode == 1
    assert "Check the URL" in done.stderr
