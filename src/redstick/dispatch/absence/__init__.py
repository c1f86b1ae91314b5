"""Absence: when is silence improbable? Expected calls by hour of the week and source, and the silence that it bears."""
