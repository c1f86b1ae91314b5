"""Which units to send, and why not the others. Computed outside the executor; the rules revalidate what comes of it."""
