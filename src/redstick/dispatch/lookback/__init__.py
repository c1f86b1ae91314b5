"""Looking back: how fast, how much, what happened, what was on the screen; from the journal alone, beside the server.

A desk follows the journal in a process of its own and answers questions as values. What it shows is what the lines up
to the asked position say, so that anybody who has the journal can check it.
"""
