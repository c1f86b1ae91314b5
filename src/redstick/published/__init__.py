"""One file per domain: the few events that other domains may read."""
