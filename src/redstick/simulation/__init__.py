"""A city that lives by itself: generator, workload, robots, virtual world."""
