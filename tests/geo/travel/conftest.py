"""Made-up drives on a straight street grid, with everything known that a record can show."""

import numpy as np
import pytest

from redstick.geo.travel import Drives, Trips

DAY_S = 86_400


def made_trips(n, days=5, seed=7):
    """`n` drives over `days` days, Monday first; durations are to be filled in by the test."""
    dice = np.random.default_rng(seed)
    at_s = np.sort(dice.integers(0, days * DAY_S, n))
    monday = 17_532  # 2018-01-01
    zeros = np.zeros((n, 2), np.int32)
    return Trips(
        origin=zeros, target=zeros, previous=zeros, idle_s=np.full(n, np.nan),
        departed_ms=at_s * 1000 + 60_000, sent_ms=at_s * 1000, duration_s=np.full(n, np.nan),
        day=monday + at_s // DAY_S, local_hour=at_s % DAY_S / 3600, working_day=np.ones(n, bool),
        unit_kind=dice.choice(["ENGINE", "TRUCK"], n, p=[0.7, 0.3]), priority=dice.choice(["3", "2"], n, p=[0.8, 0.2]),
        call_type=dice.choice(["Medical", "Alarm"], n, p=[0.6, 0.4]), first_due=dice.random(n) < 0.6,
        on_scene_before=np.zeros(n, np.int64), sent_together=np.ones(n, np.int64),
        incident=np.array([f"i{k // 2}" for k in range(n)]), rivals=[() for _ in range(n)],
    )  # fmt: skip


def made_drives(n, seed=11):
    """`n` drives as a road network would describe them: one to ten minutes of network time."""
    dice = np.random.default_rng(seed)
    network_s = dice.uniform(60, 600, n)
    return Drives(
        network_s=network_s, crow_m=network_s * 9, blocks=np.rint(network_s / 12),
        left_turns=dice.integers(0, 4, n) * 1.0, right_turns=dice.integers(0, 4, n) * 1.0,
        rival_s=network_s + dice.uniform(10, 200, n), underway_s=np.full(n, np.nan), routed=np.ones(n, bool),
    )  # fmt: skip


@pytest.fixture
def record():
    """1,500 drives that take 80 s and 0.7 of the network's time, a quarter longer for priority 2, with a long tail."""
    from dataclasses import replace

    trips, drives = made_trips(1500), made_drives(1500)
    middle_s = (80 + 0.7 * drives.network_s) * np.where(trips.priority == "2", 1.25, 1.0)
    luck = np.random.default_rng(13).gamma(2.0, 0.15, 1500)  # right-skewed, as drives are
    return replace(trips, duration_s=middle_s * (0.75 + luck)), drives
