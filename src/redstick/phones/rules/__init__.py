"""One file per thing: its commands, events, deciders and appliers."""
