"""What dispatch says to others and hears from them: its state as values of the standards, and back as commands.

Pure: the bytes are made and read in `protocols`, and carried by `adapters` and `server`.
"""
