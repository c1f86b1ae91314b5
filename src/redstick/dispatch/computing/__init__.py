"""What is computed outside the executor: questions as plain values, and a desk that answers them.

A question holds all that its answer depends on beside the city itself, so that it can be asked of another process. With
a city the desk answers from its roads, geocoder and zones; without one it falls back plainly, and says so.
"""
