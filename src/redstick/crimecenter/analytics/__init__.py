"""Patterns in reported events: where they cluster, whether they repeat nearby, and whether anything has changed.

Places and types only, never persons. Feed it what the public reported; what officers found by patrolling tells where
they patrolled.
"""
