"""`redstick ledger` as a person meets it, on the data folder of the golden story."""

import csv
import io
import json
import sqlite3
from contextlib import closing

import pyarrow.parquet as pq
import pytest
from tests.golden.story import live

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.untouched import UntouchedDisk
from redstick.bootstrap import LIVE
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor


@pytest.fixture
def data(tmp_path):
    """A data folder with a journal and nothing else."""
    live(SynchronousDriver(Executor(LIVE), SegmentJournal(PosixDisk(tmp_path / "journal")))).journal.close()
    return tmp_path


def test_rebuild_then_check_then_query(data, run):
    """From a journal alone: the tables are built, found to be as it says, and asked."""
    assert run("ledger", data, "query", "incidents")[0] == 1
    assert run("ledger", data, "check")[0] == 1
    code, out, _ = run("ledger", data, "rebuild", "--json")
    built = {one["name"]: one["position"] for one in json.loads(out)["ledgers"]}
    assert (code, built["operations"]) == (0, built["subjects"])
    code, out, _ = run("ledger", data, "check")
    assert (code, out.count("as the journal says")) == (0, 2)
    code, out, _ = run("ledger", data, "query", "incidents", "--where", "incident=i1", "--json")
    [row] = json.loads(out)
    assert (code, row["kind"], row["disposition"]) == (0, "structure fire", "overhaul complete")


def test_what_was_believed_about_when(data, run):
    """The corrected arrival as it was believed before and after; about a time before it, there is none."""
    run("ledger", data, "rebuild")
    arrived = ("--where", "stamp=on_scene", "--where", "incident=i1")
    times = ("ledger", data, "query", "assignment_times", *arrived, "--json")
    versions = json.loads(run(*times, "--history")[1])
    wrong, true = versions
    assert wrong["position_to"] == true["position_from"]
    before = json.loads(run(*times, "--believed", true["position_from"] - 1)[1])
    assert [row["true_at"] for row in before] == [wrong["true_at"]]
    assert [row["true_at"] for row in json.loads(run(*times)[1])] == [true["true_at"]]
    assert json.loads(run(*times, "--about", "2023-11-14T16:00:00-06:00")[1]) == []


def test_an_edit_by_hand_fails_the_check_and_a_rebuild_mends_it(data, run):
    """Exit code 1, the table, the key and the column, and what to do next."""
    run("ledger", data, "rebuild")
    with closing(sqlite3.connect(data / "ledgers" / "operations.sqlite3")) as connection:
        connection.execute("UPDATE incidents SET disposition = 'nothing happened' WHERE incident = 'i1'")
        connection.commit()
    code, out, err = run("ledger", data, "check")
    assert code == 1
    assert "incidents" in out
    assert "incident=i1" in out
    assert "differs in disposition" in out
    assert "rebuild" in err
    found = json.loads(run("ledger", data, "check", "--json")[1])
    assert [one["ok"] for one in found["ledgers"]] == [False, True]
    assert run("ledger", data, "rebuild")[0] == 0
    assert run("ledger", data, "check")[0] == 0


def test_a_file_that_is_no_database_is_a_finding(data, run):
    """Garbage where a ledger should be: named, and built anew."""
    run("ledger", data, "rebuild")
    (data / "ledgers" / "subjects.sqlite3").write_bytes(b"garbage" * 1000)
    assert run("ledger", data, "check")[0] == 1
    assert run("ledger", data, "rebuild")[0] == 0
    assert run("ledger", data, "check")[0] == 0


def test_a_check_changes_nothing(data, run):
    """Neither the journal nor the ledgers, also when they are of another version of Redstick."""
    run("ledger", data, "rebuild")
    with closing(sqlite3.connect(data / "ledgers" / "operations.sqlite3")) as connection:
        connection.execute("UPDATE standings SET edition = 'older'")
        connection.commit()
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    code, out, _ = run("ledger", data, "check")
    assert (code, "no dispatch of this version" in out) == (1, True)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_journal_in_use_is_not_rebuilt_beside_its_server(data, run):
    """Who holds the journal keeps the ledgers too: it is named; looking is possible meanwhile."""
    run("ledger", data, "rebuild")
    journal = SegmentJournal(PosixDisk(data / "journal"))
    code, _, err = run("ledger", data, "rebuild")
    assert (code, "in use" in err) == (1, True)
    assert run("ledger", data, "check")[0] == 0
    journal.close()


def test_rows_for_people_and_for_spreadsheets(data, run):
    """Blocks with times in words; CSV with times in ISO 8601 and open ends empty."""
    run("ledger", data, "rebuild")
    code, out, _ = run("ledger", data, "query", "units")
    units = json.loads(run("ledger", data, "query", "units", "--json")[1])
    assert (code, "E2\n" in out, f"\n{len(units)} rows" in out) == (0, True, True)
    code, out, _ = run("ledger", data, "query", "calls", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["call"] for row in rows] == [
        row["call"] for row in json.loads(run("ledger", data, "query", "calls", "--json")[1])
    ]
    assert (rows[0]["received_at"], rows[0]["valid_to"]) == ("2023-11-14T22:18:20.000Z", "")
    assert "incidents" in run("ledger", data, "query")[1]


def test_the_lines_of_a_subject_as_they_are_stored(data, run):
    """All that the journal has on an incident, found by the index, built when it is not there; byte for byte."""
    code, out, _ = run("ledger", data, "lines", "i1")
    stored = SegmentJournal(UntouchedDisk(PosixDisk(data / "journal")))
    lines = [line.decode() for line in stored.read() if "i1" in opened(line).subjects]
    assert (code, out) == (0, "".join(lines))
    assert len(json.loads(run("ledger", data, "lines", "i1", "--json")[1])) == len(lines)
    code, out, err = run("ledger", data, "lines", "i9")
    assert (code, out, "concerns it" in err) == (1, "", True)


def test_parquet_leaves_by_export(data, run, tmp_path):
    """One file a table, as many rows as told."""
    run("ledger", data, "rebuild")
    code, out, _ = run("ledger", data, "export", "--out", tmp_path / "out", "--json")
    told = json.loads(out)["rows"]
    assert code == 0
    assert {name: pq.read_table(tmp_path / "out" / f"{name}.parquet").num_rows for name in told} == told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["query", "unicorns"], "there are: calls"),
        (["query", "calls", "--where", "color=red"], "expected COLUMN=VALUE"),
        (["query", "calls", "--where", "x=red"], "a whole number"),
        (["query", "calls", "--where", "in_geofile=1"], "true or false"),
        (["query", "calls", "--about", "noon"], "is no time"),
        (["query", "calls", "--believed", "2026-01-01T00:00:00"], "has no zone"),
    ],
)
def test_a_misuse_is_one_clear_line(data, run, arguments, words):
    """Exit code 2, what was wrong and what was expected."""
    run("ledger", data, "rebuild")
    code, out, err = run("ledger", data, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_folder_without_a_journal_is_a_misuse(tmp_path, run):
    """Nothing is made in it."""
    for verb in ("check", "rebuild"):
        code, _, err = run("ledger", tmp_path, verb)
        assert (code, "no journal here" in err) == (2, True)
    assert list(tmp_path.iterdir()) == []
