"""What every page of patterns ends with and says of its events."""

from datetime import date

from redstick import __version__
from redstick.crimecenter.analytics.events import Events
from redstick.pages.document import Section
from redstick.pages.markup import bullets, escape
from redstick.pages.wording import count_words

FOOTER = f"Made by Redstick {__version__}. The same file and the same options give the same page."


def period(events: Events) -> str:
    """The file's name and the first and last day of its events."""
    first, last = (date.fromordinal(int(day)) for day in (events.day.min(), events.day.max()))
    return f"{events.source}, {first.isoformat()} to {last.isoformat()}"


def words(
    x: float, y: float, text: str, colour: str, *, anchor: str = "start", size: int = 13, weight: int = 400
) -> str:
    """A line of text in a drawing, in one of the page's colours."""
    heavy = f' font-weight="{weight}"' if weight != 400 else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place}{heavy} fill="var(--{colour})">{escape(text)}</text>'


def limits(events: Events, *more: str) -> Section:
    """What the figures cannot tell, how the file was read, and what was left out of it."""
    said = [
        "Reported events are not all events, and where people report differs.",
        "Feed it what the public reported: what officers found by patrolling tells where they patrolled.",
        *more,
        *events.notes,
        "Nothing here speaks of a person.",
    ]
    left_out = [
        f"Left out: {count_words(count, 'row', 'rows')}, {reason}." for reason, count in sorted(events.skipped.items())
    ]
    return Section("What this cannot tell", [bullets([*said, *left_out])])
