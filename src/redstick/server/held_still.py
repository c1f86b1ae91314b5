"""Imported last by the process out of which those beside the server begin: everything so far is held still.

The collector of a process walks none of it any more, whose marks would make a copy of every page that it touches; so
that what was imported once is in memory once.
"""

import gc

gc.collect()
gc.freeze()
