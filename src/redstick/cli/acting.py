"""Acting in a data folder as somebody who is enrolled there: the same journal, authority and accounts as a server's."""

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from redstick.adapters.accounts.book import SqlAccountBook
from redstick.adapters.accounts.hashing import Argon2
from redstick.bootstrap import open_guarded
from redstick.cli.errors import Failure, Misuse
from redstick.kernel.authority.accounts import Account, login_name, password_refusal
from redstick.kernel.authority.authority import DOMAIN
from redstick.kernel.authority.records import RecordSignInFailed, SignInFailed
from redstick.kernel.authority.state import Access
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.errors import Conflict, Corruption, Unavailable
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.values import Command, Outcome, Request

CONSOLE = "console"  # the network address of who sits at the machine itself
HOUSE = "house"


class Desk:
    """An open data folder. Whoever acts proves who they are, like anywhere else."""

    def __init__(self, driver: SynchronousDriver, book: SqlAccountBook, *, from_stdin: bool) -> None:
        self.driver, self.book, self.passwords = driver, book, Argon2()
        self._from_stdin = from_stdin

    @property
    def access(self) -> Access:
        """The committed state."""
        state: Access = self.driver.executor.committed[DOMAIN]
        return state

    def ask(self, command: Command, actor: str) -> Outcome:
        """The durable outcome of a command."""
        now = now_ms()
        request = Request(new_id("cmd", now), command, actor)
        [outcome] = self.driver.run([request], now)
        return outcome

    def act(self, command: Command, actor: str) -> None:
        """The same; raises Failure that says why when it is refused."""
        outcome = self.ask(command, actor)
        if outcome.rejection is not None:
            told = ", ".join(f"{key} {value}" for key, value in outcome.rejection.data.items())
            raise Failure(f"{command.command_kind}: refused, {outcome.rejection.code}{f' ({told})' if told else ''}")

    def account(self, name: str) -> Account:
        """The account of a name; raises Misuse when there is none."""
        found, _ = self.book.find(login_name(name), CONSOLE)
        if found is None:
            raise Misuse(f"{name}: there is no such account; `redstick people list` names them")
        return found

    def acting(self, name: str | None) -> str:
        """The person who acts, proven by password; raises Misuse without a name and Failure for a wrong password."""
        if name is None:
            raise Misuse("--as is missing: the name of whoever does this")
        account, _ = self.book.find(login_name(name), CONSOLE)
        password = self._read(f"Password of {name}")
        if account is None or not self.passwords.verify(account.password, password):
            failed = SignInFailed(account.person if account else "", CONSOLE, "sign_in_refused")
            self.ask(RecordSignInFailed(failed), HOUSE)
            raise Failure(f"{name}: the name or the password is not right")
        return account.person

    def new_password(self, name: str) -> str:
        """The hash of a new password, asked twice at a terminal; raises Misuse when it is not taken."""
        password = self._read(f"New password of {name}", twice=True)
        refusal = password_refusal(password, login_name(name))
        if refusal is not None:
            because, least = refusal.data["because"], refusal.data["at_least"]
            raise Misuse(f"the password is not taken: {because}; a sentence of {least} characters or more does")
        return self.passwords.hash(password)

    def _read(self, what: str, *, twice: bool = False) -> str:
        if not self._from_stdin:
            answer: str = typer.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
            return answer
        line = sys.stdin.readline()
        if not line:
            raise Misuse(f"--password-stdin: expected a line for: {what}")
        return line.rstrip("\r\n")


@contextmanager
def open_desk(data: Path, *, from_stdin: bool = False) -> Iterator[Desk]:
    """Open a data folder for acting in it; the world's errors come out as Failure."""
    try:
        driver = open_guarded(data)
        try:
            book = SqlAccountBook.in_folder(data)
            try:
                yield Desk(driver, book, from_stdin=from_stdin)
            finally:
                book.close()
        finally:
            driver.journal.close()
    except Corruption as error:
        raise Failure(f"{data}: {error}; `redstick verify {data}` tells more") from error
    except (Unavailable, Conflict) as error:
        raise Failure(f"{data}: {error}; if a server runs on it, stop it first or use its console") from error


def now_ms() -> int:
    """The clock of this machine, ms since the epoch."""
    return time.time_ns() // 1_000_000


def new_id(prefix: str, now: int) -> str:
    """A new id of the house."""
    return make_id(prefix, now, secrets.randbits(ENTROPY_BITS))
