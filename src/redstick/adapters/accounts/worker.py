"""The process that hashes: questions come in as lines of JSON, answers go out the same way, until the input ends.

First the costs (time, memory in KiB, lanes, length of hash, of salt); then `["hash", password]` or
`["verify", stored, password]`.
"""

import json
import os
import sys
from typing import IO

import argon2

from redstick.adapters.accounts.hashing import Answer, Argon2

LOWEST_RANK = 19


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer every question, in order."""
    time_cost, memory_cost, parallelism, hash_len, salt_len = json.loads(questions.readline())
    passwords = Argon2(
        argon2.Parameters(
            type=argon2.Type.ID, version=argon2.low_level.ARGON2_VERSION, salt_len=salt_len, hash_len=hash_len,
            time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism,
        )
    )  # fmt: skip
    passwords.decoy  # noqa: B018  (made before the first question, so that no unknown name is told by its making)
    for line in questions:
        kind, *given = json.loads(line)
        answer: Answer = passwords.hash(*given) if kind == "hash" else passwords.verify(*given)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(LOWEST_RANK)
    serve(sys.stdin.buffer, sys.stdout.buffer)
