"""911 calls, incidents, units and assignments: what came in, who was sent, and how fast."""
