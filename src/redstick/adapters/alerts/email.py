"""E-mail over SMTP (RFC 5321). The key is the message's own id, so that mail systems drop the double.

That a server took it is `sent`; a refusal for good (5xx) is `failed`; anything else, and no answer, is asked again.
"""

import asyncio
import hashlib
import smtplib
import ssl
from email.message import EmailMessage

from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.ports import Handed, Outgoing
from redstick.kernel.errors import Unavailable

TIMEOUT_S = 10.0
SUBJECT_AT_MOST = 120
FOR_GOOD = 500  # from here on a reply code is final (RFC 5321 §4.2.1)


class EmailPath:
    """Sends from `sender` by the server at `host` and `port`; `starttls` demands it, `login` is a name and password."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        starttls: bool = True,
        login: tuple[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._starttls, self._login, self._timeout_s = starttls, login, timeout_s

    async def hand_over(self, message: Outgoing) -> Handed:
        """See the port."""
        return await asyncio.to_thread(self._send, message)

    def _send(self, message: Outgoing) -> Handed:
        try:
            letter = self._letter(message)
        except ValueError as error:  # a line break in an address, which would forge a header
            return Handed(Step.FAILED, f"not an address: {error}")
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout_s) as server:
                if self._starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._login is not None:
                    server.login(*self._login)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            return _refused(*next(iter(refused.recipients.values())))
        except smtplib.SMTPResponseException as refused:
            return _refused(refused.smtp_code, refused.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"e-mail: {error}") from error
        return Handed(Step.SENT, f"accepted by {self._host} as {letter['Message-ID']}")

    def _letter(self, message: Outgoing) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"] = self._sender, message.address
        letter["Subject"] = " ".join(message.text.split())[:SUBJECT_AT_MOST]
        domain = self._sender.rpartition("@")[2]
        letter["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday note answers it
        letter.set_content(f"{message.text}\n\n{message.key}\n")
        return letter


def _refused(code: int, said: bytes | str) -> Handed:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code < FOR_GOOD:
        raise Unavailable(f"e-mail: answer {code} {words}")
    return Handed(Step.FAILED, f"SMTP {code} {words}")
