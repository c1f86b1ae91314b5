"""The two ways in which a command ends badly."""


class Misuse(Exception):  # noqa: N818  (named for what the person did, as the exit code is)
    """The call or its input cannot be right: exit code 2, one line naming file, row and what was expected."""


class Failure(Exception):  # noqa: N818  (named for what happened)
    """The work could not be done: exit code 1, one line that says what to do next."""
