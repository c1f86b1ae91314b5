"""One file per thing: its state, commands, events, deciders and appliers."""
