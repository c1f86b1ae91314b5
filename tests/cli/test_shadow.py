"""`redstick shadow`: beside a dispatch system that stays in charge, from a folder and from a view, live."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import small_town

CHICAGO = ZoneInfo("America/Chicago")


def fresh_calls(path):
    """An export in which engine 1 came back half an hour ago and the farther engine 3 was sent a minute ago."""
    now = datetime.now(UTC).astimezone(CHICAGO)
    longitude, latitude = small_town.degrees(1.5, 1)
    lines = [",".join(small_town.HEAD)]
    for call, unit, sent, back in (("9000", "E01", 60, 30), ("9001", "E03", 1, None)):
        told = [(now - timedelta(minutes=m)).strftime("%Y-%m-%d %H:%M:%S") if m else "" for m in (sent, back)]
        what = [call, unit, "ENGINE", "Fire", "200 BLOCK OF 12TH ST", "01", str(latitude), str(longitude)]
        lines.append(",".join([*what, *[told[0]] * 4, "", "", told[1], ""]))
    path.write_text("\n".join(lines) + "\n")


def database_of(path, export):
    """A database that shows an export as a view; gives its URL."""
    head, *rows = [line.split(",") for line in export.read_text().splitlines()]
    connection = sqlite3.connect(path)
    connection.execute(f"create table t ({', '.join(head)})")
    connection.executemany(f"insert into t values ({', '.join('?' * len(head))})", rows)  # noqa: S608  (names are ours)
    connection.execute("create view shown as select * from t")
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize("kind", ["folder", "view"])
def test_each_sending_is_set_beside_the_nearest_unit(run, town, tmp_path, kind):
    """From a hot folder and from a view alike: what was sent, what was nearest, and how much nearer it was."""
    (tmp_path / "drop").mkdir()
    export = tmp_path / "drop" / "now.csv"
    fresh_calls(export)
    source = (tmp_path / "drop",) if kind == "folder" else (database_of(tmp_path / "cad.db", export), "--view", "shown")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = run("shadow", *source, "--columns", town / "columns.toml", "--city", town / "city", "--once", "--json")
    assert done.code == 0, done.err
    [sent] = done.json["sent"]
    assert done.json["refused"] == []
    assert (sent["unit"], sent["nearest"]) == ("E03", "E01")
    assert sent["gain_s"] == sent["unit_s"] - sent["nearest_s"] > 30
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_half_of_the_rows_then_all_with_a_restart_between(run, town, tmp_path):
    """With a data folder only what is new is said, and the journal verifies."""
    calls = tmp_path / "calls.csv"
    whole = (town / "calls.csv").read_text().splitlines(keepends=True)
    commands = []
    for rows in (60, len(whole), len(whole)):
        calls.write_text("".join(whole[:rows]))
        done = run("shadow", calls, "--columns", town / "columns.toml", "--data", tmp_path / "data", "--once", "--json")
        assert done.code == 0, done.err
        assert done.json["refused"] == []
        commands.append(done.json["commands"])
    assert commands[0] > 0
    assert commands[1] > commands[0]
    assert commands[2] == 0
    assert run("verify", tmp_path / "data").code == 0


def follow(town, source, *more):
    """A shadow that follows until it is interrupted."""
    program = "from redstick.cli.main import main; main()"
    options = ("--columns", town / "columns.toml", "--every", "0.2", "--json", *more)
    return subprocess.Popen(
        [sys.executable, "-u", "-c", program, "shadow", *map(str, (source, *options))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip


def test_a_torn_export_is_passed_over_and_the_next_is_followed(town, tmp_path):
    """A file that cannot be read is told on stderr by its name; the shadow goes on with the next, until interrupted."""
    drop, torn = tmp_path / "drop", tmp_path / "torn.gz"
    drop.mkdir()
    torn.write_bytes(b"\x1f\x8b torn")
    shutil.move(torn, drop / "a.csv.gz")
    shadow = follow(town, drop)
    try:
        assert "a.csv.gz" in shadow.stderr.readline()
        shutil.copy(town / "calls.csv", tmp_path / "next.csv")
        (tmp_path / "next.csv").rename(drop / "b.csv")
        look = json.loads(shadow.stdout.readline())
        assert (look["export"], look["refused"]) == ("b.csv", [])
        assert look["commands"] > 100
        shadow.send_signal(signal.SIGINT)
        assert shadow.wait(timeout=300) == 0
    finally:
        shadow.kill()
        shadow.communicate()


def test_a_database_that_comes_back_is_followed(town, tmp_path):
    """While the view is away the shadow says so at each look; once it is there, it is read."""
    path = tmp_path / "cad.db"
    sqlite3.connect(path).close()
    shadow = follow(town, f"sqlite:///{path}", "--view", "shown")
    try:
        assert "passed over" in shadow.stderr.readline()
        database_of(path, town / "calls.csv")
        assert json.loads(shadow.stdout.readline())["commands"] > 100
    finally:
        shadow.kill()
        shadow.communicate()


def test_misuses_are_told_before_the_first_look(run, town, tmp_path):
    """No column map, a map that is none, a city without the units: exit code 2 and one line, also when following."""
    bad = tmp_path / "columns.toml"
    bad.write_text("nonsense = 1\n")
    for columns in (bad, tmp_path / "nowhere.toml"):
        done = run("shadow", town / "calls.csv", "--columns", columns)
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert columns.name in done.err
    strangers = tmp_path / "calls.csv"
    strangers.write_text((town / "calls.csv").read_text().replace(",E0", ",X0"))
    (tmp_path / "empty").mkdir()
    done = run("shadow", strangers, "--columns", town / "columns.toml", "--city", tmp_path / "empty", "--once")
    assert (done.code, done.err.count("\n")) == (2, 1)
