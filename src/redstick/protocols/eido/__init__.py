"""The emergency incident data object (NENA-STA-021.1): everything known of an incident, as JSON between agencies.

The published schema lets unknown properties, unknown codes and dangling references pass; `checking` does not.
"""
