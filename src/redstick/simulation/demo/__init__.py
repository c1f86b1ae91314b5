"""The demo: the real server of a city on a clock of its own, lived in by robots who ask as any client does."""
