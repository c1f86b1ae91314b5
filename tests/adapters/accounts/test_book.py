"""The book of accounts, in a real SQLite file: what it keeps, what it refuses, who may read it."""

import os
import stat

import pytest

from redstick.adapters.accounts.book import FILE, KNOWN_FOR_MS, SqlAccountBook
from redstick.kernel.authority.accounts import Account
from redstick.kernel.authority.sessions import Session
from redstick.kernel.errors import Conflict, Unavailable

NOON = 1_700_000_000_000
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def book(tmp_path):
    made = SqlAccountBook.in_folder(tmp_path)
    yield made
    made.close()


def account(person="ben", name="ben.b"):
    return Account(person, name, "$argon2id$old", NOON)


def session(key, person="ben", address=HERE, at=NOON):
    return Session(key, person, address, at, at)


def test_an_account_is_found_by_its_name(book):
    """And not by another's; accounts are listed by name."""
    book.add(account())
    book.add(account("ada", "ada.l"))
    assert book.find("ben.b", HERE) == (account(), False)
    assert book.find("nobody", HERE) == (None, False)
    assert [one.name for one in book.accounts()] == ["ada.l", "ben.b"]


@pytest.mark.parametrize("second", [account("cleo"), account(name="other")])
def test_a_person_has_one_account_and_a_name_one_person(book, second):
    """A second account for either is a conflict, and nothing is kept of it."""
    book.add(account())
    with pytest.raises(Conflict):
        book.add(second)
    assert book.accounts() == [account()]


def test_a_password_is_changed_only_from_the_one_that_is_there(book):
    """A late renewal of an old hash cannot undo a new password."""
    book.add(account())
    assert book.change_password(account(), "$argon2id$new", NOON + 1)
    assert not book.change_password(account(), "$argon2id$old, renewed", NOON + 2)
    assert book.find("ben.b", HERE)[0] == Account("ben", "ben.b", "$argon2id$new", NOON + 1)


def test_sessions_are_kept_followed_seen_and_forgotten(book):
    """Over a reopening of the file: a following session takes the place of the one before."""
    book.keep_session(session(b"a"), None)
    book.keep_session(session(b"b", at=NOON + 1), b"a")
    book.keep_session(session(b"c", at=NOON + 2), None)
    book.saw({b"b": NOON + 9, b"gone": NOON})
    book.forget_sessions([b"c", b"gone"])
    assert book.sessions() == [Session(b"b", "ben", HERE, NOON + 1, NOON + 9)]


def test_an_address_is_known_from_the_first_session_there_for_ninety_days(book):
    """Known for its person alone, and forgotten when nothing began there for long."""
    book.add(account())
    book.add(account("ada", "ada.l"))
    book.keep_session(session(b"a"), None)
    assert book.find("ben.b", HERE)[1]
    assert not book.find("ben.b", ELSEWHERE)[1]
    assert not book.find("ada.l", HERE)[1]
    book.keep_session(session(b"b", address=ELSEWHERE, at=NOON + KNOWN_FOR_MS + 1), None)
    assert not book.find("ben.b", HERE)[1]
    assert book.find("ben.b", ELSEWHERE)[1]


def test_what_is_kept_survives_and_only_its_owner_may_read_it(tmp_path, book):
    """A second opening finds the same; the file has no rights for anyone else."""
    book.add(account())
    again = SqlAccountBook.in_folder(tmp_path)
    assert again.accounts() == [account()]
    again.close()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    for beside in tmp_path.glob(f"{FILE}-*"):  # SQLite gives its log the rights of the file
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600


def test_what_is_deleted_is_overwritten(tmp_path, book):
    """A forgotten session's key is not left in the file."""
    key = os.urandom(32)
    book.keep_session(session(key), None)
    book.forget_sessions([key])
    book.close()
    assert key not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_book_that_cannot_be_read_is_unavailable(tmp_path):
    """A file that is no database, or a folder that cannot be: an error of ours that names the trouble."""
    (tmp_path / FILE).write_bytes(b"no database, but long enough to be taken for one at first sight" * 20)
    with pytest.raises(Unavailable, match="does not answer"):
        SqlAccountBook.in_folder(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="file"):
        SqlAccountBook.in_folder(tmp_path / "file")


def test_every_write_is_durable_when_it_returns(book):
    """SQLite is asked for a full sync at each commit, in write-ahead mode."""
    asked = ("synchronous", "journal_mode")
    with book._engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == [2, "wal"]
