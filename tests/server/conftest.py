"""Policies that servers begin with are compiled once in a run of tests."""

from tests.once import policies_compiled_once  # noqa: F401 (pytest finds it by its name)
