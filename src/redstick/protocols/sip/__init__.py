"""SIP (RFC 3261) without I/O: messages, bodies, transactions, dialogs, digest, registrations, and an agent over them.

Bytes and the time go in; bytes, deadlines and events come out. Sockets, clocks and chance belong to whoever drives it.
"""
