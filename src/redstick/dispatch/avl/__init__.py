"""Automatic vehicle location: where a unit is, how sure that is, and what speaks against it. Positions are a track."""
