"""Beside a dispatch system that stays in charge: its records are read, never written, and followed as they change."""
