"""A caller with a session of messages: a peer of our own for MSRP over TCP or TLS."""

import asyncio

from tests.adapters.voice.caller import PATIENCE_S

from redstick.protocols.msrp.messages import Frames, Request, Response, write_message
from redstick.protocols.msrp.sessions import Said, Session, Settled
from redstick.protocols.msrp.uris import MsrpUri, read_path
from redstick.protocols.sdp.session import read_sdp


class Peer:
    """Says and hears over one connection; `told` is what it heard and what became of its own, `seen` every message."""

    def __init__(self, *, secure=False, port=9, accepts="message/cpim text/plain"):
        self.ours = MsrpUri("127.0.0.1", port, "callerssession", secure)
        self.told, self.seen, self.count, self.accepts = [], [], 0, accepts
        self.tasks, self.writer, self.session = [], None, None

    def media(self, *lines):
        """The stream of messages of an offer."""
        transport = "TCP/TLS/MSRP" if self.ours.secure else "TCP/MSRP"
        more = "".join(f"a={line}\r\n" for line in lines)
        head = f"m=message {self.ours.port} {transport} *\r\na=accept-types:{self.accepts}\r\na=path:{self.ours}\r\n"
        return head + more

    def name(self):
        """Names count."""
        self.count += 1
        return f"caller{self.count:06}"

    def answered(self, answer):
        """Who is spoken with."""
        [media] = read_sdp(answer.body).of("message")
        self.setup, self.types = media.first("setup"), media.first("accept-types")
        self.theirs = read_path(media.first("path"))
        self.session = Session(self.ours, self.theirs, tuple(self.types.split()), self.name)

    async def connect(self, context=None):
        """As whoever offered does."""
        at = self.theirs[0]
        reader, writer = await asyncio.open_connection(at.host, at.port, ssl=context)
        self.take(reader, writer)
        self.put(self.session.hello())
        return self

    def take(self, reader, writer):
        """A connection, whoever made it."""
        self.reader, self.writer = reader, writer
        self.tasks.append(asyncio.create_task(self.read_on()))

    async def read_on(self):
        """Whatever comes, until nothing does."""
        frames = Frames()
        while data := await self.reader.read(65_536):
            for message in frames.feed(data):
                self.seen.append(message)
                for out in self.session.receive(message):
                    if isinstance(out, Said | Settled):
                        self.told.append(out)
                    else:
                        self.put(out)
        self.told.append(None)

    def put(self, message):
        """On the wire."""
        self.writer.write(write_message(message) if isinstance(message, Request | Response) else message)

    def say(self, text, number=1):
        """In parts."""
        for one in self.session.write(text, number, 0.0):
            self.put(one)

    async def until(self, true):
        """Wait for something to be so."""
        async with asyncio.timeout(PATIENCE_S):
            while not true():  # noqa: ASYNC110  (a peer tells nobody that it heard something)
                await asyncio.sleep(0.005)

    def close(self):
        """Let go."""
        for task in self.tasks:
            task.cancel()
        if self.writer is not None:
            self.writer.close()
