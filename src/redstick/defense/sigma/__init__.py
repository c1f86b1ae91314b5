"""Sigma: the whole rule corpus over a stream of events, and its correlations in event time.

`tree` is the language as plain values, `parsing` reads rule files into it (pySigma does the reading), `ruleset` keeps a
compiled image, `engine` routes, prefilters, verifies and remembers, `correlation` watches windows, `explain` says why.
The language is Sigma specification 2.1.0; where it is silent, `docs/decisions/0005-sigma-engine.md` says what holds.
"""
