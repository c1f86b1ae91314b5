"""An engine behind another: everything is passed on as it is, for who changes some of it and leaves the rest."""

from collections.abc import Callable

from redstick.comms.ports import BodyPart, EngineEvent, MediaPort, Role, Sound, Speech, Stats


class Through:
    """Fills `comms.ports.MediaPort` by another one."""

    def __init__(self, engine: MediaPort) -> None:
        self._engine = engine

    @property
    def where(self) -> tuple[str, ...]:
        """As it has it."""
        return self._engine.where

    def listen(self, hear: Callable[[EngineEvent], None]) -> None:
        """Everything, as it comes."""
        self._engine.listen(hear)

    async def open(self) -> None:
        """Begin."""
        await self._engine.open()

    async def close(self) -> None:
        """Stop."""
        await self._engine.close()

    def ring(self, leg: str) -> bool:
        """Passed on, as all that follow."""
        return self._engine.ring(leg)

    async def accept(self, leg: str) -> str | None:
        """Passed on."""
        return await self._engine.accept(leg)

    def reject(self, leg: str, code: int, reason: str) -> bool:
        """Passed on."""
        return self._engine.reject(leg, code, reason)

    async def originate(
        self,
        leg: str,
        target: str,
        caller: str,
        headers: tuple[tuple[str, str], ...] = (),
        key: str = "",
        parts: tuple[BodyPart, ...] = (),
        *,
        text: bool = False,
    ) -> bool:
        """Passed on."""
        return await self._engine.originate(leg, target, caller, headers, key, parts, text=text)

    async def attach(self, leg: str, offer_sdp: str) -> str | None:
        """Passed on."""
        return await self._engine.attach(leg, offer_sdp)

    def transfer(self, leg: str, target: str, attended_leg: str = "") -> bool:
        """Passed on."""
        return self._engine.transfer(leg, target, attended_leg)

    def progress_transfer(self, leg: str, code: int, reason: str) -> bool:
        """Passed on."""
        return self._engine.progress_transfer(leg, code, reason)

    def join(self, room: str, leg: str, role: Role = Role.SPEAKER) -> bool:
        """Passed on."""
        return self._engine.join(room, leg, role)

    def leave(self, leg: str, room: str = "") -> bool:
        """Passed on."""
        return self._engine.leave(leg, room)

    def hold(self, leg: str, sound: Sound | None) -> bool:
        """Passed on."""
        return self._engine.hold(leg, sound)

    def resume(self, leg: str) -> bool:
        """Passed on."""
        return self._engine.resume(leg)

    def mute(self, leg: str, *, muted: bool) -> bool:
        """Passed on."""
        return self._engine.mute(leg, muted=muted)

    def send_key(self, leg: str, key: str, ms: int = 0) -> bool:
        """Passed on."""
        return self._engine.send_key(leg, key, ms)

    def kick(self, leg: str) -> bool:
        """Passed on."""
        return self._engine.kick(leg)

    def play(self, leg: str, sound: Sound | Speech | None) -> bool:
        """Passed on."""
        return self._engine.play(leg, sound)

    def stop(self, leg: str) -> bool:
        """Passed on."""
        return self._engine.stop(leg)

    def echo(self, leg: str) -> bool:
        """Passed on."""
        return self._engine.echo(leg)

    def say(self, leg: str, text: str, number: int = 0) -> bool:
        """Passed on."""
        return self._engine.say(leg, text, number)

    def inform(self, package: str, resource: str, body: bytes) -> bool:
        """Passed on."""
        return self._engine.inform(package, resource, body)

    def record(self, leg: str, known: int | None = None) -> bool:
        """Passed on."""
        return self._engine.record(leg, known)

    def salvage(self, leg: str, known: int) -> bool:
        """Passed on."""
        return self._engine.salvage(leg, known)

    def stop_recording(self, leg: str) -> bool:
        """Passed on."""
        return self._engine.stop_recording(leg)

    def hang_up(self, leg: str, cause: str) -> bool:
        """Passed on."""
        return self._engine.hang_up(leg, cause)

    def stats(self, leg: str) -> Stats | None:
        """Passed on."""
        return self._engine.stats(leg)

    def snapshot(self) -> tuple[str, ...]:
        """Passed on."""
        return self._engine.snapshot()

    def capabilities(self) -> frozenset[str]:
        """Passed on."""
        return self._engine.capabilities()
