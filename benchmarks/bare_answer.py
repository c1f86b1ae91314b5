"""What an answer over HTTP costs by itself: the server below Redstick, and an application that decides nothing.

`python -m benchmarks.bare_answer` serves on a free port until it is asked to end, and says where on one line.
"""

import asyncio
import json
from typing import Any

import uvicorn

from redstick.cli.serve import fast_loop, listen

BODY = json.dumps({"command": "cmd_" + "0" * 26, "position": 1, "events": []}).encode()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def application(_scope: Any, receive: Any, send: Any) -> None:
    """Read the whole body, and say that all is well."""
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY, "more_body": False})


async def serve() -> None:
    """Serve as `redstick serve` does: the same loop, the same parser, no log of accesses."""
    listening = listen(0)
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
    config = uvicorn.Config(application, log_level="warning", access_log=False, lifespan="off", server_header=False)
    await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(serve())
