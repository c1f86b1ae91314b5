"""`redstick train` as a trainer and a trainee meet it: a seat in a running city, and a sheet when it ends."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from redstick.kernel.ids import make_id

pytestmark = pytest.mark.sockets

COMMAND = [sys.executable, "-c", "from redstick.cli.main import main; main()", "train"]


@contextmanager
def exercise(folder, *options):
    """An exercise on a free port: its process and a browser that looks at it."""
    command = [*COMMAND, "run", "--data", str(folder), "--size", "small", "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        with httpx.Client(base_url=json.loads(line)["url"], timeout=60) as client:
            yield process, client
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def train(*arguments):
    """A command to its end: exit code, standard output, standard error."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def answer_a_call(client):
    """The trainee answers whatever rings next: the call, and what is heard on it."""
    while True:
        client.post("/api/demo/clock", json={"step_s": 5})
        now = client.get("/api/demo").json()["clock"]["now"]
        rows = client.get("/api/views/dispatch.view.calls").json()["rows"]
        for key, row in rows.items():
            if row["state"] == "presented":
                call, command = key.partition("/")[2], make_id("cmd", now, len(rows))
                asked = {"call": call, "seat": "calls:1"}
                told = client.post("/api/dispatch/answer-call", json=asked, headers={"idempotency-key": command})
                if told.status_code == 200:
                    return call, client.get(f"/api/demo/calls/{call}").json()


def test_a_trainee_answers_and_is_scored(tmp_path):
    """One call answered at the seat by hand: it is in the sheet, on the page, and again when scored afterwards."""
    folder = tmp_path / "exercise"
    with exercise(folder, "--seat", "calls:1", "--scenario", "storm", "--call-takers", "1") as (process, client):
        client.post("/api/demo/clock", json={"paused": True})
        taken = client.post("/api/demo/seat", json={"seat": "calls:1"}).json()
        call, heard = answer_a_call(client)
        assert heard["call"] == call
        assert heard["said"]
        process.send_signal(signal.SIGINT)
        out, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0, "")
    sheet = json.loads(out)
    assert sheet["persons"] == [taken["person"]]
    assert next(one for one in sheet["times"] if one["name"] == "answer")["n"] >= 1
    assert "Exercise at the seat calls:1" in (folder / "exercise.html").read_text()
    code, again, _ = train("score", str(folder), "--seat", "calls:1", "--json")
    assert code == 0
    assert {name: json.loads(again)[name] for name in ("times", "items")} == {
        name: sheet[name] for name in ("times", "items")
    }
    code, text, _ = train("score", str(folder), "--seat", "calls:1")
    assert code == 0
    assert text.startswith("Seat calls:1")
    code, _, said = train("score", str(folder), "--seat", "dispatch:1")
    assert (code, said.count("\n")) == (1, 1)
    assert "nobody but robots" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("score", "nothing-here"), "does not say in which city"),
        (("run", "--data", "x", "--from", "nothing-here"), "no journal here"),
        (("run",), "--data"),
        (("score",), "Missing argument"),
    ],
)
def test_misuse_is_one_clear_line(arguments, said, tmp_path, monkeypatch):
    """Exit code 2, and what to do."""
    monkeypatch.chdir(tmp_path)
    code, out, words = train(*arguments)
    assert (code, out) == (2, "")
    assert said in words
