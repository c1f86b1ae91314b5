"""What the rules have to say of log files: `scan` finds, `table`, `json_lines` and `ocsf` tell.

A finding carries its rule's author and references wherever it goes: the SigmaHQ corpus asks for it.
"""
