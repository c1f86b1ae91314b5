"""Robots as trained people: at the telephones, at the dispatch seats, in the units, and their pagers.

Each looks at the committed state, acts by commands as anyone would, and looks again: an act may be refused, come late,
or meet a state that has moved on. None relies on an outcome being known before `ask` returns.
"""
