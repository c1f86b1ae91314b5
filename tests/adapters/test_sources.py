"""Sources that a shadow reads: a hot folder and a view of a database."""

import os
import sqlite3

import pytest
from sqlalchemy import text

from redstick.adapters.hot_folder import HotFolder
from redstick.adapters.sql_view import SqlView
from redstick.kernel.errors import Unavailable


def drop(path, content, at):
    """A file with a time of change."""
    path.write_text(content)
    os.utime(path, (at, at))


def test_a_file_is_taken_once_it_stands_still(tmp_path):
    """A file that grows between two looks is left for the next."""
    folder = HotFolder(tmp_path)
    drop(tmp_path / "a.csv", "half", 1)
    assert folder.look() == []
    drop(tmp_path / "a.csv", "half and half", 2)
    assert folder.look() == []
    assert folder.look() == [tmp_path / "a.csv"]
    assert folder.look() == []


def test_a_file_that_is_written_again_is_taken_again(tmp_path):
    """Many systems write one file over and over."""
    folder = HotFolder(tmp_path / "now.csv")
    drop(tmp_path / "now.csv", "one", 1)
    assert folder.look(settled=True) == [tmp_path / "now.csv"]
    drop(tmp_path / "now.csv", "two", 2)
    assert folder.look(settled=True) == [tmp_path / "now.csv"]


def test_files_come_in_the_order_of_their_change(tmp_path):
    """Not in that of their names; hidden files and other kinds are passed over."""
    drop(tmp_path / "b.csv", "x", 1)
    drop(tmp_path / "a.csv", "x", 2)
    drop(tmp_path / ".part.csv", "x", 3)
    drop(tmp_path / "notes.txt", "x", 3)
    assert [path.name for path in HotFolder(tmp_path).look(settled=True)] == ["b.csv", "a.csv"]


@pytest.fixture
def database(tmp_path):
    """A database with one view."""
    path = tmp_path / "cad.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "create table calls (id text, at text); insert into calls values ('1', '2024-01-01 10:00'), ('2', null);"
        "create view open_calls as select id, at from calls;"
    )
    connection.close()
    return f"sqlite:///{path}"


def test_a_view_becomes_rows(database):
    """Names first, then every row; nothing where the database has nothing."""
    view = SqlView(database, "open_calls")
    assert view.as_csv().split() == ["id,at", "1,2024-01-01", "10:00", "2,"]
    view.close()


def test_a_view_that_is_not_there_is_said_to_be_missing(database):
    """The error names it and what there is."""
    view = SqlView(database, "closed_calls")
    with pytest.raises(Unavailable, match=r"closed_calls.*open_calls"):
        view.as_csv()
    view.close()


def test_the_database_cannot_be_written_through_it(database):
    """A slip of ours would be refused by the database itself."""
    view = SqlView(database, "open_calls")
    with view._engine.connect() as connection, pytest.raises(Exception, match="readonly"):
        connection.execute(text("delete from calls"))
    view.close()


@pytest.mark.parametrize("url", ["nonsense", "nosuchkind://x/y"])
def test_a_url_of_no_database_is_refused(url):
    """One clear line, before anything is asked."""
    with pytest.raises(ValueError, match="names no database"):
        SqlView(url, "v")
