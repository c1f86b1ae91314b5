"""One file per thing of dispatch: its state, commands, events, decisions and effects. Pure."""
