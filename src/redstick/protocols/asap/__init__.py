"""Alarms from central stations, after APCO/TMA 2.101.3 (ASAP to PSAP), of which we have read excerpts only (R*).

The kinds of message, the reasons for a refusal and the two-way updates are the standard's. **The XML is a profile of
ours**, in a namespace of ours: the standard's own NIEM exchange has not been read, and an adapter must translate.
"""
