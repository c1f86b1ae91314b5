"""Redstick: the software that a city runs on when it matters."""

__version__ = "0.1.0"
