"""Readers: files of logs to events with flat fields, and a count of everything that could not be read.

`open_events` (in `files`) chooses one by content. Each reader is bounded: a long line, broken UTF-8, a torn record is
counted in the `Tally` and reading goes on.
"""
