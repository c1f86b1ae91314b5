"""Exceptions of the house: for the world only. What a domain refuses is a `Rejection`, a value."""


class Conflict(Exception):  # noqa: N818  (named for what it is, as the design has it)
    """Somebody else wrote first: the journal's head is not where the writer believed it to be."""


class Unavailable(Exception):  # noqa: N818  (named for what it is, as the design has it)
    """The world does not answer, or its answer is unknown; nothing may be concluded about what it did."""


class Corruption(Exception):  # noqa: N818  (named for what it is, as the design has it)
    """Stored bytes are not what was written; says where: file, byte offset and position as far as known."""
