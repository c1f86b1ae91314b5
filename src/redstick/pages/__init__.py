"""Self-contained HTML documents that a person can read, print and keep: layout, tables, charts. Pure."""
