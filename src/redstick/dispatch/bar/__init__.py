"""The command bar: one line of text, what it was understood as, what Enter will do, and how to take it back.

Pure: the line, the state, who sits where, and what the city answered go in; commands, words and problems come out.
`grammar.read` is the way in; `forms` is the table of everything that can be said, and the help and the guide are made
of it.
"""
