"""In a box that is open: its messages one after another, and a menu for what it says and asks."""

from redstick.phones.routing.calling_back import dial_back
from redstick.phones.rules.messages import DropAtPhone, HearAtPhone
from redstick.phones.state import Voicemail
from redstick.server.phoning.boxes import messages_of
from redstick.server.phoning.counting import digit_words, how_many
from redstick.server.phoning.greetings import mind_greeting
from redstick.server.phoning.opening import BACK, Box, change_pin

PAUSE_S = 3  # for a key, behind each message
MOST_SILENT = 2  # times that the menu is said to somebody who presses nothing
AGAIN = "1"


async def serve_box(box: Box) -> str:
    """Until they leave or press nothing. What is dialled to call somebody back who left a message, "" for none."""
    dialled, silent = await hear_new(box), 0
    while not dialled and silent < MOST_SILENT:
        key = await box.choose("menu")
        silent = 0 if key else silent + 1
        match key:
            case "1":
                dialled = await hear(box, messages_of(box.hands.phones, box.number))
            case "3":
                await mind_greeting(box)
            case "4":
                await change_pin(box)
            case "*":
                break
    if not dialled:
        await box.say("goodbye")
    return dialled


async def hear_new(box: Box) -> str:
    """How many there are, then those that nobody has heard. What is dialled to call one of them back, "" for none."""
    found = messages_of(box.hands.phones, box.number)
    new = [one for one in found if one.heard_at is None]
    key = await box.say(*how_many(len(new), len(found) - len(new)))
    return "" if key == BACK else await hear(box, new)


async def hear(box: Box, messages: list[Voicemail]) -> str:
    """Each message in turn. What is dialled to call one of them back, "" for none."""
    for message in messages:
        key = await _play(box, message)
        match key:
            case "7":
                await box.hands.ask(DropAtPhone(message.id, box.caller.device, box.call))
                await box.say("deleted")
            case "2":
                await box.say("saved")
            case "8":
                dialled = _dialled(box, message)
                if dialled:
                    return dialled
                await box.say("no_call_back")
            case "*":
                return ""
    if messages:
        await box.say("no_more")
    return ""


async def _play(box: Box, message: Voicemail) -> str:
    """A message, again as often as that is asked; the key behind it, "" for none."""
    hands = box.hands
    speech = await hands.studio.speech(message.sha256)
    whose = digit_words(message.caller) or ("unknown",)
    while True:
        key = await box.say("from", *whose) or await box.line.say(hands.studio.beep)
        key = key or await box.line.say(speech or hands.studio.refused)
        if speech is not None:
            await hands.ask(HearAtPhone(message.id, box.caller.device, box.call))
        key = key or await box.say("message_menu") or await box.line.key(PAUSE_S)
        if key != AGAIN:
            return key


def _dialled(box: Box, message: Voicemail) -> str:
    """What calls back who left it: by a phone of ours alone, for who pressed a PIN outside would call at our cost."""
    state = box.hands.phones
    known = box.caller.device in state.devices
    return dial_back(state, box.caller.number, message.caller, box.hands.now()) if known else ""
