"""Where keys are kept: the ring of data keys, and the key that signs heads. Outside the journal and its backups."""
