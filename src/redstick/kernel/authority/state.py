"""The live state of access: the fold of its events. What rules over each part stands beside this file."""

import msgspec

from redstick.kernel.authority.people import Person
from redstick.kernel.authority.policy import Policy


class Access(msgspec.Struct):
    """People by their opaque ids, and the policy in force; None until there is a first administrator.

    `revision` counts what may change an answer: whoever keeps an answer keeps it with the revision it was given at.
    """

    people: dict[str, Person] = {}
    policy: Policy | None = None
    revision: int = 0
