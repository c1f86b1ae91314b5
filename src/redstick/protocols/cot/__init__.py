"""Cursor on Target (base event 2.0, MITRE case #11-3895): where something is, for maps of the TAK family.

Written from published descriptions of the schema (R*). There is no schema file here: `event.faults_of` holds its rules
as we know them, and is ours.
"""
