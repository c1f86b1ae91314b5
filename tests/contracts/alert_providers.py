"""Real servers on loopback that tell people, as far as a client can see: one speaks HTTP, one SMTP.

Each remembers what it took by idempotency key and can be told to refuse, to fail or to hang up.
"""

import asyncio
import contextlib
import json
from email import message_from_bytes
from email.policy import default

OK, REFUSE, BUSY, HANG_UP = "ok", "refuse", "busy", "hang up"


class WebhookProvider:
    """Takes POSTs of JSON over HTTP/1.1."""

    def __init__(self):
        self.mood, self.taken, self.headers = OK, {}, []

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {
                name.lower(): value
                for name, _, value in (line.partition(": ") for line in head.splitlines()[1:] if line)
            }
            body = await reader.readexactly(int(headers["content-length"]))
            if self.mood != HANG_UP:
                status = {OK: "202 Accepted", REFUSE: "422 Unprocessable", BUSY: "503 Unavailable"}[self.mood]
                if self.mood == OK:
                    self.headers.append(headers)
                    self.taken.setdefault(headers["idempotency-key"], json.loads(body)["text"])
                writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes".encode())
                await writer.drain()
        writer.close()


class MailProvider:
    """Takes mail by SMTP, as much of RFC 5321 as that needs."""

    def __init__(self):
        self.mood, self.taken, self.letters = OK, {}, []

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(b"220 mail.example ESMTP\r\n")
            while line := (await reader.readline()).decode().strip():
                verb = line.split(" ")[0].upper()
                if verb == "RCPT" and self.mood == HANG_UP:
                    break
                writer.write(self._answer(verb))
                await writer.drain()
                if verb == "QUIT":
                    break
                if verb == "DATA":
                    body = await reader.readuntil(b"\r\n.\r\n")
                    self._take(body[: -len(b".\r\n")])
                    writer.write(b"250 queued\r\n")
        writer.close()

    def _answer(self, verb):
        if verb == "RCPT":
            return {OK: b"250 ok\r\n", REFUSE: b"550 no such person\r\n", BUSY: b"451 later\r\n"}[self.mood]
        known = {"EHLO": b"250 mail.example\r\n", "MAIL": b"250 ok\r\n", "DATA": b"354 go on\r\n"}
        return {**known, "QUIT": b"221 bye\r\n", "RSET": b"250 ok\r\n"}.get(verb, b"502 what\r\n")

    def _take(self, body):
        letter = message_from_bytes(body, policy=default)
        self.letters.append(letter)
        self.taken.setdefault(letter["Message-ID"], letter.get_content())
