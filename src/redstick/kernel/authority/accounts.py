"""Accounts: what a person signs in with, and what is asked of whoever keeps them.

None of this is journaled: names can be corrected and forgotten, hashes are secrets. The adapters that keep accounts and
hash passwords fill the ports below.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from redstick.kernel.authority.sessions import Session
from redstick.kernel.errors import Unavailable
from redstick.kernel.values import Instant, Rejection

NAME_AT_MOST = 64
PASSWORD_AT_LEAST = 15  # characters, where a password is the only factor (NIST SP 800-63B-4 §3.1.1.2)
PASSWORD_AT_MOST = 256
DIFFERENT_AT_LEAST = 5


class Account(msgspec.Struct, frozen=True):
    """What belongs to a person's opaque id: the name to sign in with, and the password's hash in PHC form.

    `name` is as `login_name` gives it. An empty `password` lets nobody in.
    """

    person: str
    name: str
    password: str
    changed_at: Instant


class Busy(Unavailable):
    """Too much waits already; nothing was begun, and the same may be asked again in a while."""


class AccountBook(Protocol):
    """Where accounts and sessions are kept. Calls block; they raise Unavailable when the book cannot be reached."""

    def add(self, account: Account) -> None:
        """Keep a new account; raises Conflict when its person or its name has one."""

    def find(self, name: str, address: str) -> tuple[Account | None, bool]:
        """The account of a name, and whether its person has signed in from this address before."""

    def accounts(self) -> list[Account]:
        """Every account, by name."""

    def change_password(self, account: Account, password: str, at: Instant) -> bool:
        """Put another hash in the place of the account's; does nothing, and says so, when that is no longer there."""

    def keep_session(self, session: Session, instead_of: bytes | None) -> None:
        """Keep a session and forget the one it follows; its address is known for its person from here on."""

    def sessions(self) -> list[Session]:
        """Every session that is kept."""

    def saw(self, seen: Mapping[bytes, Instant]) -> None:
        """Write down when sessions were last used, by key."""

    def forget_sessions(self, keys: Iterable[bytes]) -> None:
        """Forget sessions; a key that is not there is no error."""


class Passwords(Protocol):
    """A slow hash, worked in a pool of its own so that nothing waits beside it. Calls raise Busy when it is full."""

    async def hash(self, password: str) -> str:
        """The PHC form of a password under the newest parameters."""

    async def verify(self, stored: str, password: str) -> bool:
        """Whether a password belongs to a stored hash; takes as long where there is none (`stored` is empty)."""

    def outdated(self, stored: str) -> bool:
        """Whether a stored hash was made under older parameters."""

    def close(self) -> None:
        """End the pool: no more passwords are worked on. Closing twice is closing once."""


def login_name(text: str) -> str:
    """A name as it is kept and compared: composed, without case, without space around it or signs nobody can see."""
    shown = "".join(filter(str.isprintable, unicodedata.normalize("NFC", text[: 4 * NAME_AT_MOST])))
    return shown.strip().casefold()[:NAME_AT_MOST]


def password_bytes(text: str) -> bytes:
    """A password as it is hashed: the same letters typed on another keyboard give the same bytes."""
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


def password_refusal(password: str, name: str) -> Rejection | None:
    """Why a new password is not taken: too short, too long, the name in it, too few different characters.

    Long, and otherwise free (NIST SP 800-63B-4 §3.1.1.2): no rule about digits or signs, no expiry.
    """
    because = None
    if len(password) < PASSWORD_AT_LEAST:
        because = "too_short"
    elif len(password) > PASSWORD_AT_MOST:
        because = "too_long"
    elif len(name) > 3 and name in password.casefold():
        because = "has_the_name"
    elif len(set(password)) < DIFFERENT_AT_LEAST:
        because = "too_even"
    if because is None:
        return None
    data = {"because": because, "at_least": PASSWORD_AT_LEAST, "at_most": PASSWORD_AT_MOST}
    return Rejection("password_refused", data)
