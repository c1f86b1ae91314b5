"""The real-time crime center: sensors, cameras, plates, briefs, analytics."""
