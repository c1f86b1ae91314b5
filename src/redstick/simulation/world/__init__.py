"""A world in a heap: virtual time, disks, networks and nodes with their faults; no threads, no real clock."""
