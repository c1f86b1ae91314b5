"""The living city on machines that fail: a night shift of robots, its own faults, and what must hold of it."""
