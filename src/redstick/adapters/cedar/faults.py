"""What is wrong with a folder of policies, all of it at once."""

from collections.abc import Iterable


class PolicyFault(Exception):  # noqa: N818  (named for what is the matter)
    """A folder of policies that cannot be compiled. `faults` are lines that name the file and what was expected."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(self.faults))
