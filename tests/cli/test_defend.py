"""`redstick defend` as a security officer meets it: exit codes, one clear line, output for people and for machines."""

import gzip
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

ROOT_SIGNS_IN = {
    "title": "Root signs in",
    "id": "00000000-0000-4000-8000-00000000000a",
    "level": "high",
    "logsource": {"product": "linux", "service": "sshd"},
    "detection": {"selection": {"message|contains": "for root"}, "condition": "selection"},
}
ENCODED = {
    "title": "Encoded PowerShell",
    "id": "00000000-0000-4000-8000-00000000000b",
    "name": "encoded",
    "level": "medium",
    "logsource": {"product": "windows", "category": "process_creation"},
    "detection": {"selection": {"CommandLine|contains": " -enc "}, "condition": "selection"},
}
TWICE = {
    "title": "Encoded PowerShell again and again",
    "id": "00000000-0000-4000-8000-00000000000c",
    "level": "critical",
    "correlation": {
        "type": "event_count",
        "rules": ["encoded"],
        "group-by": ["Computer"],
        "timespan": "1h",
        "condition": {"gte": 2},
    },
}
KNOWN_HOSTS = {
    "title": "Known host",
    "level": "low",
    "logsource": {"product": "linux"},
    "detection": {"selection": {"host|expand": "%known_hosts%"}, "condition": "selection"},
}
SYSLOG = "Feb 27 03:04:05 pbx sshd[7]: Accepted password for root from 203.0.113.9\n"


def process(command, minute):
    """A process start, as Sysmon's JSON."""
    return json.dumps(
        {
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "EventID": 1,
            "Computer": "cad-01",
            "UtcTime": f"2026-02-27 03:{minute:02}:00",
            "CommandLine": command,
        }
    )


@pytest.fixture
def place(tmp_path):
    """Rules and logs: (folder, rules, logs)."""
    rules, logs = tmp_path / "rules", tmp_path / "logs"
    rules.mkdir()
    logs.mkdir()
    for name, document in (("root", ROOT_SIGNS_IN), ("encoded", ENCODED), ("known", KNOWN_HOSTS)):
        (rules / f"{name}.yml").write_text(yaml.safe_dump(document))
    (logs / "auth.log").write_text(SYSLOG)
    (logs / "sysmon.json.gz").write_bytes(
        gzip.compress("\n".join(process(f"powershell -enc {i}", i) for i in range(3)).encode())
    )
    return tmp_path, rules, logs


def defend(place, *arguments, logs=None, rules=None, stdin=None):
    """Run the command on the place's logs; gives the finished process."""
    folder, own_rules, own_logs = place
    command = [sys.executable, "-c", "from redstick.cli.main import main; main()", "defend", logs or own_logs]
    command += ["--rules", rules or own_rules, "--cache", folder / "cache", *arguments]
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, env={**os.environ}, input=stdin
    )


def test_a_folder_of_logs_is_told_worst_first_and_what_could_not_be_used_is_said(place):
    """Exit code 0: the findings are the answer. Progress is for terminals alone."""
    done = defend(place)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 rules fired on 2 hosts (1 high, 1 medium)")
    assert done.stdout.index("Root signs in") < done.stdout.index("Encoded PowerShell")
    assert "4 events in 2 files, 0 of them lost; 4 findings." in done.stdout
    assert "1 rules not used: placeholder %known_hosts% has no values" in done.stdout


def test_json_is_one_object_a_line_and_an_account_at_the_end(place):
    """`--json` and `--format json` are the same."""
    done = defend(place, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [line["kind"] for line in lines] == ["detection"] * 4 + ["summary"]
    assert lines[-1]["events"]["received"] == 4
    assert defend(place, "--format", "json").stdout == done.stdout


def test_ocsf_is_findings_alone(place):
    """Class 2004, one a line; what was received and lost has no place in it and goes to standard error."""
    done = defend(place, "--format", "ocsf")
    assert [json.loads(line)["class_uid"] for line in done.stdout.splitlines()] == [2004] * 4
    assert done.stderr.startswith("4 events in 2 files, 0 of them lost; 4 findings.\n")


def test_a_correlation_takes_the_place_of_its_rule(place):
    """Three events together are one finding, and the table says what was held back."""
    (place[1] / "twice.yml").write_text(yaml.safe_dump(TWICE))
    done = defend(place)
    assert "3 events, 2026-02-27 03:00:00 to 03:02:00, on cad-01" in done.stdout
    assert "3 events that fired only feed correlations" in done.stdout
    found = [json.loads(line) for line in defend(place, "--json").stdout.splitlines()]
    assert sorted(line["kind"] for line in found) == ["correlation", "detection", "summary"]


def test_rules_may_be_packed_and_a_second_start_parses_nothing(place, monkeypatch):
    """The same answer from an archive; the image of it lies in the cache."""
    folder, rules, _ = place
    with tarfile.open(folder / "rules.tar.gz", "w:gz") as archive:
        archive.add(rules, "rules")
    one, two = (defend(place, rules=folder / "rules.tar.gz").stdout for _ in range(2))
    assert one == two
    assert "2 rules fired" in one
    assert len(list((folder / "cache").iterdir())) == 1


def test_placeholders_are_given_in_a_file(place):
    """A rule that names the city's own hosts can be used then."""
    values = place[0] / "values.yml"
    values.write_text("known_hosts: [pbx]\n")
    done = defend(place, "--placeholders", values)
    assert "Known host" in done.stdout
    assert "3 rules; 0 could not be used." in done.stdout


def test_the_lowest_level_to_show_is_chosen(place):
    """The account still counts everything."""
    done = defend(place, "--level", "high")
    assert "Encoded PowerShell" not in done.stdout
    assert "4 findings" in done.stdout


def test_times_without_a_zone_are_read_in_the_one_that_is_named(place):
    """03:04 in Baton Rouge is 09:04 in UTC."""
    done = defend(place, "--time-zone", "America/Chicago")
    assert "02-27 09:04:05" in done.stdout


def test_a_log_source_that_is_named_is_believed(place):
    """JSON that says nothing of its writer meets the rules of the source that the officer names."""
    log = place[0] / "own.json"
    log.write_text('{"message": "Accepted for root"}\n')
    assert "No rule fired." in defend(place, logs=log).stdout
    assert "no rule looks at: json" in defend(place, logs=log).stdout
    assert "Root signs in" in defend(place, "--source", "linux/-/sshd", logs=log).stdout


def test_a_rule_explains_itself_on_the_event_that_answers_best(place):
    """Every comparison with what the event has, and where the others stopped."""
    done = defend(place, "--explain", "encoded")
    assert done.returncode == 0
    assert "Encoded PowerShell fires on event 1 of" in done.stdout
    assert "CommandLine|contains: ' -enc '" in done.stdout
    assert "All events: 3 fired, 1 of another source." in done.stdout


def test_a_rule_explains_itself_on_one_event(place):
    """For a person, and for a machine."""
    log = place[2] / "auth.log"
    done = defend(place, "--explain", "encoded", "--event", 1, logs=log)
    assert (
        "stopped by the source: it looks at windows/process_creation; this event is linux/sshd/auth/syslog"
        in done.stdout
    )
    body = json.loads(defend(place, "--explain", "Root signs in", "--event", 1, "--json", logs=log).stdout)
    assert (body["fired"], body["gate"], body["reasons"][0]["field"]) == (True, "fired", "message")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "xml"), "--format xml: expected one of table, json, ocsf"),
        (("--level", "awful"), "--level awful: expected one of informational, low, medium, high, critical"),
        (("--logs", "csv"), "--logs csv: expected one of auto, evtx, json, syslog, cef, auditd, suricata, zeek"),
        (("--time-zone", "Mars/Olympus"), "--time-zone Mars/Olympus: expected a name such as America/Chicago"),
        (("--source", "linux"), "--source linux: expected PRODUCT/CATEGORY/SERVICE, with - for one that there is not"),
        (("--placeholders", "/nowhere"), "/nowhere: not readable as YAML"),
        (("--explain", "no such rule"), "no rule 'no such rule'"),
        (("--explain", "known.yml"), "known.yml could not be used: placeholder %known_hosts% has no values"),
        (("--explain", "encoded", "--event", "1"), "--event names an event of one file; name one file with it"),
    ],
)
def test_a_misuse_is_one_line_and_exit_code_2(place, arguments, said):
    """What was said, and what was expected."""
    done = defend(place, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"redstick: {said}")
    assert done.stderr.count("\n") == 1


def test_places_without_rules_or_logs_are_named(place):
    """A missing folder, an empty one, a pipe, no rule that can be used, noise for a log, an event that is not there."""
    folder, rules, logs = place
    (folder / "empty").mkdir()
    (folder / "noise").write_bytes(bytes(range(128, 256)) * 99)
    os.mkfifo(folder / "pipe")
    for done, said in (
        (defend(place, rules=folder / "gone"), "there is no such folder or file; expected Sigma rules"),
        (defend(place, rules=folder / "empty"), "no Sigma rules here; expected files ending in .yml or .yaml"),
        (defend(place, rules=rules / "known.yml"), "no rule here can be used (known.yml: placeholder"),
        (defend(place, logs=folder / "gone"), "there is no such file or folder; expected logs"),
        (defend(place, logs=folder / "empty"), "the folder is empty; expected logs"),
        (defend(place, logs=folder / "pipe"), "no plain file; write it to one and name that"),
        (defend(place, logs=folder / "noise"), "no log that is known here; expected text, JSON or EVTX"),
        (
            defend(place, "--explain", "encoded", "--event", 9, logs=logs / "auth.log"),
            "there is no event 9 that can be read",
        ),
    ):
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that exists and cannot be read")
def test_a_file_that_cannot_be_read_is_exit_code_1_and_the_others_are_read(place):
    """The answer is whole but for that file, and the line says what to do."""
    (place[2] / "memory").symlink_to("/proc/self/mem")
    done = defend(place)
    assert done.returncode == 1
    assert "2 rules fired" in done.stdout
    assert f"not read: {place[2] / 'memory'}: Input/output error" in done.stdout
    assert done.stderr.startswith(
        f"redstick: {place[2] / 'memory'} could not be read (Input/output error); make it readable"
    )


def test_bad_input_of_every_kind_is_counted_and_never_a_crash(place):
    """A line of 64 MB, broken UTF-8, a torn archive, a broken chunk of EVTX, among good events."""
    logs = place[2]
    with (logs / "long.json").open("wb") as file:
        for piece in (b'{"a":"', *[b"x" * 1024 * 1024] * 64, b'"}\n', process("powershell -enc x", 9).encode(), b"\n"):
            file.write(piece)
    (logs / "broken.json").write_bytes(process("powershell -enc @", 9).encode().replace(b"@", b"\xff") + b"\n{torn\n")
    (logs / "torn.json.gz").write_bytes(gzip.compress(process("powershell -enc y", 9).encode() * 500)[:-20])
    (logs / "broken.evtx").write_bytes(b"ElfFile\0" + bytes(4088) + b"\xff" * 65536)
    done = defend(place, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    account = json.loads(done.stdout.splitlines()[-1])
    events = account["events"]
    assert events["received"] == events["decoded"] + events["spared"] + events["lost"]
    assert set(events["losses"]) >= {"broken EVTX record or chunk", "compressed file is torn"}
    assert any("too long" in reason or "longer than" in reason for reason in events["losses"])
    assert events["repairs"] == {"broken UTF-8": 1}
    assert sum(json.loads(line)["level"] == "medium" for line in done.stdout.splitlines()[:-1]) >= 5


def test_a_reader_who_closes_the_pipe_is_no_fault(place):
    """`| head -1` ends quietly."""
    folder, rules, logs = place
    (logs / "many.json").write_text("\n".join(process(f"powershell -enc {i}", 1) for i in range(5000)))
    call = f"{sys.executable} -c 'from redstick.cli.main import main; main()' defend"
    script = f"{call} {logs} --rules {rules} --cache {folder}/c --json | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env={**os.environ})
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["kind"] == "detection"
