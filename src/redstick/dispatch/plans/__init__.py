"""Response plans: what is sent to what, where, when, and at which alarm level."""
