"""Alerting: who is told, on which path, and what proves that they were. Pure; the world is behind `AlertPath`."""
