"""Readers of other people's geography: OpenStreetMap, agency centrelines, address points, zones, stations and units.

Each takes a file and returns values of `redstick.geo`, with an `Intake` that says what was taken, skipped and why. Each
refuses what cannot be right with one `InputFault` that names the file, the feature or row, and what was expected.
"""
