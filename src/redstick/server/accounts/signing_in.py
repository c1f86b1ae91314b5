"""Signing in and out, and a new password: the same answer and the same time, whatever was wrong.

Each is journaled before its answer is given: no session exists that the journal does not know of. Nothing that is
journaled holds a name, a password or a token.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from redstick.kernel.authority.accounts import (
    PASSWORD_AT_MOST,
    Account,
    AccountBook,
    Busy,
    Passwords,
    login_name,
    password_refusal,
)
from redstick.kernel.authority.attempts import ACCOUNT, ADDRESS, Allowance, Attempts, account_key, address_key
from redstick.kernel.authority.records import RecordSignIn, RecordSignInFailed, RecordSignOut, SignedOut, SignInFailed
from redstick.kernel.authority.records import SignedIn as SignedInRecord
from redstick.kernel.authority.repeats import Repeats
from redstick.kernel.authority.sessions import EndSessions, SessionsEnded
from redstick.kernel.values import Command, Instant, Outcome, Rejection
from redstick.server.accounts.sessions import Offload, Sessions

Journal = Callable[[Command], Awaitable[Outcome]]
REFUSED = Rejection("sign_in_refused")


@dataclass(frozen=True)
class SignedIn:
    """A session began. `token` is shown once, to its holder."""

    person: str
    token: str


class SigningIn:
    """The way in and out.

    `journal` asks a command in the name of the house and gives its durable outcome; it raises what the journal raises.
    Times (`now`, ms since the epoch) are the executor's: they never fall.
    """

    def __init__(
        self,
        book: AccountBook,
        passwords: Passwords,
        sessions: Sessions,
        attempts: Attempts,
        journal: Journal,
        offload: Offload,
    ) -> None:
        self.sessions = sessions
        self._book, self._passwords, self._attempts = book, passwords, attempts
        self._journal, self._offload = journal, offload
        self._repeats: Repeats[SignInFailed] = Repeats()

    async def sign_in(
        self, name: str, password: str, address: str, now: Instant, instead_of: str | None = None
    ) -> SignedIn | Rejection:
        """A new session for whoever knows the password; the one of the token `instead_of`, if any, ends.

        Rejections: `sign_in_refused` (name unknown, password wrong, person suspended: nobody learns which),
        `too_many_attempts` (with `again_in_ms`), `busy`.
        """
        found = await self._proven(name, password, address, now)
        return found if isinstance(found, Rejection) else await self.vouch_for(found.person, address, now, instead_of)

    async def sign_out(self, token: str) -> None:
        """End a session; one that has ended already is no error."""
        session = await self.sessions.end(token)
        if session is not None:
            await self._journal(RecordSignOut(SignedOut(session.person, session.address)))

    async def change_password(self, name: str, old: str, new: str, address: str, now: Instant) -> SignedIn | Rejection:
        """Put another password in the place of the old one; every session of the person ends, and a new one begins.

        Rejections: those of `sign_in`, and `password_refused` (with because: too_short, too_long, has_the_name,
        too_even).
        """
        refusal = password_refusal(new, login_name(name))
        if refusal is not None:
            return refusal
        found = await self._proven(name, old, address, now)
        if isinstance(found, Rejection):
            return found
        try:
            hashed = await self._passwords.hash(new)
        except Busy:
            return Rejection("busy")
        if not await self._offload(self._book.change_password, found, hashed, now):
            return REFUSED
        ended = await self._journal(EndSessions(found.person))
        void_until = max([now, *(event.until for event in ended.events if isinstance(event, SessionsEnded))])
        return await self.vouch_for(found.person, address, void_until + 1)

    async def tidy(self, now: Instant) -> None:
        """Journal the refusals that were counted, and write down what sessions keep in memory; every minute or so."""
        await self._write(self._repeats.due(now))
        await self.sessions.tidy(now)

    async def vouch_for(
        self, person: str, address: str, now: Instant, instead_of: str | None = None
    ) -> SignedIn | Rejection:
        """Journal a session of whoever is known to be this person, then begin it.

        It counts from when it was asked: what was ended meanwhile stays ended.
        """
        outcome = await self._journal(RecordSignIn(SignedInRecord(person, address)))
        if not outcome.accepted:
            await self._note(SignInFailed(person, address, "not_active"), now)
            return REFUSED
        return SignedIn(person, await self.sessions.begin(person, address, now, instead_of))

    async def _proven(self, name: str, password: str, address: str, now: Instant) -> Account | Rejection:
        """The account whose password this is, counted and recorded when it is not."""
        wanted = login_name(name)
        account, known = await self._offload(self._book.find, wanted, address)
        person = "" if account is None else account.person
        charges = [(account_key(wanted, address, known=known), ACCOUNT), (address_key(address), ADDRESS)]
        for count, (key, allowance) in enumerate(charges):
            again_in_ms = self._attempts.charge(key, allowance, now)
            if again_in_ms:
                self._refund(charges[:count])
                await self._note(SignInFailed(person, address, "too_many_attempts"), now)
                return Rejection("too_many_attempts", {"again_in_ms": again_in_ms})
        stored = "" if account is None else account.password
        try:
            right = await self._passwords.verify(stored, password[: 4 * PASSWORD_AT_MOST])  # composing shortens
        except Busy:
            self._refund(charges)
            return Rejection("busy")
        if account is None or not right:
            await self._note(SignInFailed(person, address, REFUSED.code), now)
            return REFUSED
        self._refund(charges)
        await self._renew(account, password, now)
        return account

    async def _renew(self, account: Account, password: str, now: Instant) -> None:
        """Hash under the newest parameters what was hashed under older ones; when that is busy, another time."""
        if self._passwords.outdated(account.password):
            with suppress(Busy):
                hashed = await self._passwords.hash(password)
                await self._offload(self._book.change_password, account, hashed, now)

    def _refund(self, charges: list[tuple[str, Allowance]]) -> None:
        for key, allowance in charges:
            self._attempts.refund(key, allowance)

    async def _note(self, failed: SignInFailed, now: Instant) -> None:
        await self._write(self._repeats.note(failed, now))

    async def _write(self, failures: list[SignInFailed]) -> None:
        for failed in failures:
            await self._journal(RecordSignInFailed(failed))
