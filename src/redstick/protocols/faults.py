"""What is wrong with something that came in: where, and what was expected there."""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One fault. `place` is a JSON path (`$.callComponent[0].direction`) or a path of XML elements (`/event/point`)."""

    place: str
    expected: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.place}: expected {self.expected}"


class Malformed(Exception):  # noqa: N818  (named for what the input is, not for the program)
    """What came in cannot be read; `faults` names every place that is known, one at least."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:5]))
        self.faults = faults
