"""Signing in: sessions that cost a request microseconds, and passwords that cost an attacker time. No routes here."""
