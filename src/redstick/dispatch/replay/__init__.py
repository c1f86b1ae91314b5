"""A past shift run again: a history's rows become commands, in the order in which they happened."""
