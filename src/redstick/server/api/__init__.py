"""The HTTP interface of a live city: commands in, rows out, a stream for each seat. Translation only."""
