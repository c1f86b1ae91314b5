"""What would happen if this number dialled that one now: a pure function of the state, in steps and in words."""
