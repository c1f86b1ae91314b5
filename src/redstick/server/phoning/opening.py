"""A box by telephone: opened at a phone of its own, or by its PIN, which can be set anew in it.

Whatever is done in a box is asked of the journal in the name of the call that has opened it.
"""

from dataclasses import dataclass

from redstick.kernel.values import Rejection
from redstick.phones.rules.boxes import OpenBox, SetPinAtPhone
from redstick.server.phoning.hands import Hands, Party
from redstick.server.phoning.pins import Tried
from redstick.server.phoning.serving import Line

MOST_TRIES, MOST_DIGITS = 3, 10
KEY_S, BETWEEN_S = 6, 4  # until the first key, and between two
BACK = "*"


@dataclass(frozen=True)
class Box:
    """The box of `number`, in the call `call` of `caller`, whom the house has answered on `line`."""

    hands: Hands
    line: Line
    number: str
    call: str
    caller: Party

    async def say(self, *names: str) -> str:
        """Words of the house; a key cuts them short."""
        return await self.line.say(await self.hands.studio.words(*names))

    async def choose(self, *names: str) -> str:
        """A key that is pressed while words are said or behind them, "" for none."""
        return await self.say(*names) or await self.line.key(KEY_S)

    async def digits(self, *names: str) -> str:
        """Digits that are pressed, until #."""
        return await self.line.digits(await self.choose(*names), BETWEEN_S, MOST_DIGITS)


async def open_box(box: Box, *, own: bool) -> bool:
    """Whether it is open: at its `own` phone unless its PIN is always asked, elsewhere by that."""
    hands = box.hands
    if own and not _asks_always(box):
        return (await hands.ask(OpenBox(box.number, box.call))).rejection is None
    if box.number not in hands.phones.pins:
        await box.say(Tried.NONE)
        return False
    for _ in range(MOST_TRIES):
        pressed = await box.digits("pin")
        if not pressed or BACK in pressed:
            break
        tried = await hands.pins.attempt(box.number, box.call, pressed)
        if tried is Tried.OPENED:
            return True
        await box.say(tried)
        if tried is not Tried.WRONG:
            break
    return False


def _asks_always(box: Box) -> bool:
    pin = box.hands.phones.pins.get(box.number)
    return pin is not None and pin.always


async def change_pin(box: Box) -> None:
    """A new one, pressed twice; why one may not be is said."""
    for _ in range(MOST_TRIES):
        pressed = await box.digits("pin_new")
        if not pressed or BACK in pressed:
            return
        refused = box.hands.pins.refusal(box.number, pressed)
        if refused is not None:
            await box.say(f"pin_{refused.data.get('because', 'malformed')}")
        elif await box.digits("pin_again") != pressed:
            await box.say("pin_differs")
        else:
            await _put(box, pressed)
            return


async def _put(box: Box, pin: str) -> None:
    async def ask(made: str) -> Rejection | None:
        return (await box.hands.ask(SetPinAtPhone(box.call, made))).rejection

    rejection = await box.hands.pins.put(box.number, pin, ask)
    await box.say("pin_kept" if rejection is None else "cannot")
