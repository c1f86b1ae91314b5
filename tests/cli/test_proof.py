"""`redstick keys`, `proof` and `verify`, and the verifier's own command: from a journal to evidence for anyone."""

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import msgspec
import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.cli.main import main
from redstick.kernel.envelope import Envelope, Head, seal
from redstick.kernel.system import HeadAnchored
from redstick_verify.__main__ import main as verify


class Done(NamedTuple):
    """A finished command."""

    returncode: int
    stdout: str
    stderr: str


def run(main, *arguments):
    """Run a command in this process."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["command", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = before
    return Done(ended.value.code or 0, out.getvalue(), err.getvalue())


def redstick(*arguments):
    """Run a command of ours."""
    return run(main, *arguments)


def verifier(*arguments):
    """Run the verifier's own command."""
    return run(verify, *arguments)


def stranger(*arguments):
    """Run the verifier in an interpreter in which nothing of ours can be imported."""
    code = (
        "import sys; sys.modules['redstick'] = sys.modules['msgspec'] = None; "
        "from redstick_verify.__main__ import main; main()"
    )
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(folder, count, payload=b'{"n":1}', kind="k"):
    """Append lines to the journal in a folder."""
    journal = SegmentJournal(PosixDisk(folder), segment_bytes=4000)
    for _ in range(count):
        after = journal.head()
        position = after.position + 1
        envelope = Envelope(position, 5, 5, kind, 1, "a", f"c{position}", "d", msgspec.Raw(payload))
        digest, line = seal(after.hash, envelope)
        journal.append([line], after, Head(position, digest))
    head = journal.head()
    journal.close()
    return head


class Place:
    """Data with a journal, a folder of keys, and what was told of them."""

    def __init__(self, folder):
        self.folder, self.data, self.keys = folder, folder / "data", folder / "keys"
        write(self.data / "journal", 40)
        made = redstick("keys", "create", self.keys, "--json")
        assert made.returncode == 0, made.stderr
        self.public = json.loads(made.stdout)["public"]
        signed = redstick("proof", self.data, "--sign", self.keys, "--name", "operations")
        assert signed.returncode == 0, signed.stderr
        (folder / "old.head").write_text(signed.stdout)

    def evidence(self, *asked):
        """Evidence in a file."""
        path = self.folder / "evidence.json"
        done = redstick("proof", self.data, *asked, "--out", path)
        assert done.returncode == 0, done.stderr
        return path


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_a_record_is_proven_by_mail(place):
    """Who has the evidence and the public key learns what was recorded, and needs neither us nor the journal."""
    path = place.evidence("--position", 17)
    done = stranger(path, "--key", place.public)
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["position"], found["record"]["cause"]) == (0, True, 17, "c17")
    assert found["journal"] == "operations"
    assert len(path.read_bytes()) < 4096


def test_changed_evidence_proves_nothing(place):
    """One other digit in the record: exit code 1, and one line says why."""
    path = place.evidence("--position", 17)
    path.write_text(re.sub(r'(?<=")c17(?=\\?")', "c71", path.read_text()))  # a hash may hold c17 too
    done = verifier(path, "--key", place.public)
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (1, False)
    assert "does not lead" in json.loads(done.stdout)["first_bad"]
    for wrong in ("ab" * 32, "nonsense"):
        assert verifier(path, "--key", wrong).returncode == 1
    assert verifier(path).returncode == 2
    path.write_text("[" * 100_000)
    assert verifier(path, "--key", place.public).returncode == 1


def test_history_since_a_kept_head_is_proven_or_not(place):
    """A head that somebody kept joins to the newest; on a journal that was rewritten it does not."""
    write(place.data / "journal", 9)
    assert redstick("proof", place.data, "--sign", place.keys).returncode == 0
    done = verifier(place.evidence("--since", place.folder / "old.head"), "--key", place.public)
    found = json.loads(done.stdout)
    assert (found["ok"], found["old"]["position"], found["head"]["position"]) == (True, 40, 49)
    for part in ("journal", "journal.proof"):
        for path in (place.data / part).iterdir():
            path.unlink()
    write(place.data / "journal", 49, b'{"n":2}')
    assert redstick("proof", place.data, "--sign", place.keys, "--name", "operations").returncode == 0
    refused = redstick("proof", place.data, "--since", place.folder / "old.head")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "does not begin with what it was" in refused.stderr


def test_verify_holds_a_journal_to_its_heads(place):
    """Both commands count the signed heads; with another's key, and for a rewritten journal, they say no."""
    ours = json.loads(redstick("verify", place.data, "--json").stdout)
    journal, proof = place.data / "journal", place.data / "journal.proof"
    theirs = json.loads(stranger(journal, "--proof", proof, "--key", place.public).stdout)
    for found in (ours, theirs):
        assert (found["ok"], found["positions"], found["signed_heads"], found["signed_position"]) == (True, 40, 1, 40)
    assert redstick("verify", place.data, "--key", "ab" * 32).returncode == 1
    for path in journal.iterdir():
        path.unlink()
    write(journal, 40, b'{"n":2}')
    assert "not those that were signed" in redstick("verify", place.data).stderr
    assert verifier(journal).returncode == 0  # the chain alone cannot tell
    assert verifier(journal, "--proof", proof).returncode == 1


@pytest.mark.parametrize("name", ["heads.log", "keys.log", "tree.nodes"])
def test_every_flip_beside_the_journal_is_found(place, name):
    """One bit of the heads, the keys or the node file, and `redstick verify` names the file or the statement."""
    path = place.data / "journal.proof" / name
    whole = path.read_bytes()
    for at in range(3, len(whole), len(whole) // 3):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        done = redstick("verify", place.data, "--json")
        assert (done.returncode, json.loads(done.stdout)["ok"]) == (1, False), at
    path.write_bytes(whole)
    assert redstick("verify", place.data).returncode == 0


def test_a_damaged_node_file_gives_no_false_evidence(place):
    """Evidence is checked before it leaves: a flip on its path is told instead of sent."""
    path = place.data / "journal.proof" / "tree.nodes"
    whole = path.read_bytes()
    path.write_bytes(whole[:32] + bytes([whole[32] ^ 1]) + whole[33:])  # the leaf of position 1
    refused = redstick("proof", place.data, "--position", 2)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "redstick verify" in refused.stderr
    assert redstick("proof", place.data, "--position", 9).returncode == 0


def test_a_key_is_changed_and_old_evidence_stays_good(place):
    """After a rotation new evidence is signed by the new key, for who trusts the old one too."""
    old = place.evidence("--position", 17).read_text()
    done = redstick("keys", "rotate", place.keys, "--data", place.data, "--json")
    assert done.returncode == 0, done.stderr
    public = json.loads(done.stdout)["public"]
    assert public == json.loads(redstick("keys", "show", place.keys, "--json").stdout)["public"] != place.public
    write(place.data / "journal", 3)
    assert redstick("proof", place.data, "--sign", place.keys).returncode == 0
    new = place.evidence("--position", 43)
    for key in (place.public, public):
        assert verifier(new, "--key", key).returncode == 0
    (place.folder / "evidence.json").write_text(old)
    assert verifier(place.folder / "evidence.json", "--key", place.public).returncode == 0
    assert redstick("verify", place.data, "--key", public).returncode == 1  # heads before it are another key's
    assert redstick("verify", place.data, "--key", place.public).returncode == 0


def test_two_journals_hold_each_other(place, tmp_path):
    """A journal that another cites is accepted as it is, and refused when it was rewritten."""
    head = write(tmp_path / "council" / "journal", 5)
    payload = {"journal": "council", "position_anchored": head.position, "hash": head.hash.hex()}
    write(place.data / "journal", 1, json.dumps(payload).encode(), HeadAnchored.event_kind)
    council, citing = tmp_path / "council" / "journal", place.data / "journal"
    found = json.loads(verifier(council, "--cited-by", citing, "--as", "council").stdout)
    assert (found["ok"], found["anchors"], found["anchored"]) == (True, 1, 5)
    for path in council.iterdir():
        path.unlink()
    write(council, 5, b'{"n":2}')
    assert verifier(council).returncode == 0
    assert verifier(council, "--cited-by", citing, "--as", "council").returncode == 1


@pytest.mark.parametrize(("asked", "code", "said"), [
    (("proof", "{data}"), 2, "say what to prove"),
    (("proof", "{data}", "--position", "41"), 1, "not signed yet"),
    (("proof", "{data}", "--since", "nowhere"), 2, "neither evidence nor"),
    (("proof", "{data}", "--since", "{data}/journal.proof/keys.log"), 1, "not a signed head"),
    (("proof", "nowhere", "--position", "1"), 2, "no journal here"),
    (("proof", "{data}", "--sign", "nowhere"), 2, "redstick keys create"),
    (("keys", "create", "{keys}"), 2, "there is one already"),
    (("keys", "show", "nowhere"), 2, "redstick keys create"),
    (("keys", "check", "{keys}"), 0, ""),
])  # fmt: skip
def test_what_cannot_be_is_said_in_one_line(place, asked, code, said):
    """Exit code 2 for a misuse, 1 for a failure, each with one line that says what to do."""
    done = redstick(*(word.format(data=place.data, keys=place.keys) for word in asked))
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_signed_is_a_failure_that_says_how(tmp_path):
    """A journal without heads names the two commands that give it one."""
    write(tmp_path / "data" / "journal", 3)
    done = redstick("proof", tmp_path / "data", "--position", 1)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "--sign KEYS" in done.stderr
