"""Cyber defence: detections, responses, education, framework."""
