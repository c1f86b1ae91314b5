"""Three releases of a tiny domain, for tests of evolution: what each writes, and how versions turn into each other."""

from redstick.kernel.values import Event, event


@event("test.seen", version=1)
class Seen1(Event, frozen=True):
    """What was seen."""

    what: str


@event("test.seen", version=2)
class Seen2(Event, frozen=True):
    """What was seen, and by how many: version 1 can say that of one alone."""

    what: str
    by: int = 1


@event("test.seen", version=3)
class Seen3(Event, frozen=True):
    """What was seen, by whom: no older version can say that."""

    what: str
    names: list[str] = []


@event("test.heard", version=1)
class Heard(Event, frozen=True):
    """A kind that only newer nodes know."""

    what: str


UP = {
    ("test.seen", 1): lambda payload: payload,
    ("test.seen", 2): lambda payload: {"what": payload["what"], "names": ["?"] * payload.get("by", 1)},
}
DOWN = {("test.seen", 2): lambda payload: {"what": payload["what"]} if payload.get("by", 1) == 1 else None}

# Releases: the classes that each one writes; it reads those versions and, through upcasters, all before them.
RELEASES = {
    "old": {"test.seen": Seen1},
    "middle": {"test.seen": Seen2, "test.heard": Heard},
    "new": {"test.seen": Seen3, "test.heard": Heard},
}
