"""Cautions: which of what is known about places, persons and vehicles concerns this incident."""
