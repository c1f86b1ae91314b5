"""People from the command line: the first administrator, roles, suspension; proven by password, told in one line."""

import io
import json
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from redstick.cli.main import main

SENTENCE, OTHER = "eleven quiet engines", "twelve brass whistles"


@pytest.fixture
def redstick(monkeypatch, capsys):
    """Run a command with lines on stdin; gives (exit code, stdout, stderr)."""

    def run(*arguments, lines=()):
        monkeypatch.setattr("sys.argv", ["redstick", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return left.value.code or 0, told.out, told.err

    return run


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A data folder where Ada administers and Ben dispatches, as two runs of the command leave it."""
    data = tmp_path_factory.mktemp("begun") / "data"
    for arguments, lines in (
        (["add", "Ada"], [SENTENCE]),
        (["add", "ben", "--role", "dispatcher", "--as", "ada"], [SENTENCE, OTHER]),
    ):
        command = [sys.executable, "-c", "from redstick.cli.main import main; main()", "people", *arguments]
        given = "".join(f"{line}\n" for line in lines)
        subprocess.run([*command, "--data", data, "--password-stdin"], input=given, text=True, check=True)
    return data


@pytest.fixture
def people(redstick, begun, tmp_path):
    """`redstick people …` on a data folder of one's own."""
    shutil.copytree(begun, tmp_path / "data")

    def run(verb, *arguments, lines=()):
        stdin = () if verb == "list" else ("--password-stdin",)
        return redstick("people", verb, *arguments, "--data", tmp_path / "data", *stdin, lines=lines)

    return run


def listed(people):
    return {row["name"]: row for row in json.loads(people("list", "--json")[1])}


def test_the_first_person_administers_and_adds_others(people):
    """Nobody's leave is needed for the first; everyone else is added by someone who may, proven by password."""
    rows = listed(people)
    assert rows["ada"]["roles"] == ["administrator"]
    assert rows["ben"]["roles"] == ["dispatcher"]
    assert rows[None]["service"]
    assert people("list")[1].count("\n") == 3


def test_nobody_adds_without_name_password_and_right(people):
    """No --as: a misuse; a wrong password or an unknown name: a failure; no right: refused by its code."""
    assert people("add", "cleo", lines=[OTHER])[::2] == (
        2,
        "redstick: --as is missing: the name of whoever does this\n",
    )
    for name, password in (("ada", OTHER), ("nobody", SENTENCE)):
        code, _, told = people("add", "cleo", "--as", name, lines=[password, OTHER])
        assert (code, "the name or the password is not right" in told) == (1, True)
    code, _, told = people("add", "cleo", "--as", "ben", lines=[OTHER, SENTENCE])
    assert (code, "access.enroll_person: refused, not_permitted" in told) == (1, True)
    assert "cleo" not in listed(people)


def test_roles_are_shown_granted_and_revoked(people):
    """Showing needs no password; what does not exist is refused by name."""
    assert people("roles", "ben")[1].endswith("dispatcher\n")
    assert (
        people("roles", "ben", "--grant", "analyst", "--revoke", "dispatcher", "--as", "ada", lines=[SENTENCE])[0] == 0
    )
    assert listed(people)["ben"]["roles"] == ["analyst"]
    assert "role_unknown" in people("roles", "ben", "--grant", "emperor", "--as", "ada", lines=[SENTENCE])[2]
    assert people("roles", "cleo")[0] == 2


def test_a_person_is_suspended_with_a_reason_and_restored(people):
    """The last administrator is not."""
    assert people("suspend", "ben", "--reason", "left", "--as", "ada", lines=[SENTENCE])[1].endswith("(suspended)\n")
    assert listed(people)["ben"]["suspended"]
    assert people("restore", "ben", "--as", "ada", lines=[SENTENCE])[0] == 0
    assert not listed(people)["ben"]["suspended"]
    assert "last_administrator" in people("suspend", "ada", "--reason", "x", "--as", "ada", lines=[SENTENCE])[2]


def test_a_lost_password_is_replaced(people):
    """The new one opens, the old one does not; a short one is not taken."""
    assert people("password", "ada", "--as", "ada", lines=[SENTENCE, "short"])[0] == 2
    assert people("password", "ada", "--as", "ada", lines=[SENTENCE, OTHER])[0] == 0
    assert people("restore", "ben", "--as", "ada", lines=[SENTENCE])[0] == 1
    assert people("restore", "ben", "--as", "ada", lines=[OTHER])[0] == 0


def test_a_name_is_used_once_and_a_short_password_never(people):
    """Both are a misuse, told in one line, and nobody is enrolled by it."""
    assert people("add", "BEN", "--as", "ada", lines=[SENTENCE, OTHER])[::2] == (
        2,
        "redstick: BEN: there is an account of that name\n",
    )
    code, _, told = people("add", "cleo", "--as", "ada", lines=[SENTENCE, "short"])
    assert (code, told.count("\n")) == (2, 1)
    assert people("add", "cleo", "--as", "ada", lines=[SENTENCE])[0] == 2
    assert len(listed(people)) == 3


def test_no_name_and_no_password_stand_in_the_journal(people, tmp_path):
    """Names belong to the book of accounts, where they can be corrected and forgotten."""
    text = b"".join(path.read_bytes() for path in (tmp_path / "data" / "journal").iterdir() if path.is_file())
    assert b"access.person_enrolled" in text
    for secret in ("ada", "Ada", "ben", SENTENCE, OTHER):
        # As a word of its own: three letters stand in a hexadecimal hash by chance.
        assert not re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])".encode(), text), secret


def test_policies_are_checked_shown_and_compared(redstick, tmp_path):
    """Those that ship hold together; a change is told cell by cell; a fault by its file, with exit code 1."""
    code, out, _ = redstick("policy", "check", "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    assert "dispatch.view.history as floor for live_incident" in redstick("policy", "show", "--role", "dispatcher")[1]
    assert redstick("policy", "show", "--role", "emperor")[0] == 2
    assert 'entity Role enum ["call_taker"' in redstick("policy", "schema")[1]

    folder = shipped_into(tmp_path / "policies")
    text = (folder / "10-floor.cedar").read_text()
    (folder / "10-floor.cedar").write_text(text.replace('Action::"crewing"', 'Action::"dispatch.add_note"'))
    out = redstick("policy", "compare", shipped(), folder)[1].splitlines()
    crewing = set(tomllib.loads((folder / "words.toml").read_text())["groups"]["crewing"]) - {"dispatch.add_note"}
    assert [line.split(" for ")[0] for line in out[:-1]] == [f"- responder {kind}" for kind in sorted(crewing)]
    told = sum(len(line.split(" for ")[1].split(", ")) for line in out[:-1])
    assert out[-1] == f"0 cells more, {told} fewer"

    (folder / "10-floor.cedar").write_text('permit (principal in Role::"clark", action, resource);')
    code, out, told = redstick("policy", "check", folder)
    assert (code, out.startswith("10-floor.cedar: policy 1"), "1 faults; nothing would be" in told) == (1, True, True)


def test_a_policy_is_adopted_and_then_in_force(people, redstick, tmp_path):
    """By who may; what is in force is shown from the journal; a faulty folder changes nothing."""
    data, folder = tmp_path / "data", shipped_into(tmp_path / "policies")
    (folder / "60-mine.cedar").write_text(
        'permit (principal in Role::"analyst", action == Action::"dispatch.add_note", resource);'
    )
    adopt = ("policy", "adopt", folder, "--data", data, "--password-stdin", "--as")
    assert "not_permitted" in redstick(*adopt, "ben", lines=[OTHER])[2]
    code, out, _ = redstick(*adopt, "ada", lines=[SENTENCE])
    assert (code, "60-mine.cedar" in out) == (0, True)
    assert "dispatch.add_note" in redstick("policy", "show", "--role", "analyst", "--data", data)[1]
    (folder / "60-mine.cedar").write_text("permit (")
    assert redstick(*adopt, "ada", lines=[SENTENCE])[0] == 1
    assert "dispatch.add_note" in redstick("policy", "show", "--role", "analyst", "--data", data)[1]
    assert redstick("policy", "show", folder, "--data", data)[0] == 2


def test_a_folder_that_somebody_else_has_open_is_told_so(people, tmp_path):
    """With a server on it, the command fails in one line that says what to do."""
    from redstick.bootstrap import open_guarded

    driver = open_guarded(tmp_path / "data")
    code, _, told = people("list")
    driver.journal.close()
    assert (code, told.count("\n"), "stop it first" in told) == (1, 1, True)
    assert people("list")[0] == 0


def shipped():
    from redstick.bootstrap import SHIPPED_POLICIES

    return SHIPPED_POLICIES


def shipped_into(folder):
    folder.mkdir()
    for path in shipped().iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
