"""The conveyance of EIDOs (NENA-STA-024.1a-2023): subscribe, be told, retrieve; as messages and as rules, without I/O.

We have not read the standard's text. Names of messages and fields, and the requirements, are those of a published
implementation and its statement of compliance (R*); where both are silent we chose, and say so.
"""
