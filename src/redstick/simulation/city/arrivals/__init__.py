"""Who calls, when, from where, about what: pure draws from a seed, and the telephone network that carries them."""
