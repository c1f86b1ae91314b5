"""Degraded mode: incidents on paper. Cards are printed, numbered from a reserved block, and entered at true times."""
