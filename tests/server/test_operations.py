"""A live city as the server runs it: coming up and going down."""

import asyncio

import pytest

from redstick import bootstrap
from redstick.adapters.accounts.hashing import HashingPool
from redstick.kernel.authority.accounts import Busy


def test_what_it_started_ends_with_it(tmp_path, monkeypatch):
    """The process that works on passwords is gone behind `close`, and nobody's password is checked any more."""
    pools = []

    def kept():
        pools.append(HashingPool())
        return pools[-1]

    async def lived():
        operations = bootstrap.open_live(tmp_path)
        await operations.start()
        await operations.close()
        with pytest.raises(Busy):
            await pools[0].hash("a sentence that nobody else would say")

    monkeypatch.setattr(bootstrap, "HashingPool", kept)
    asyncio.run(lived())
    [pool] = pools
    assert pool._worker._process.poll() is not None
