"""The map beside the server: tiles of the city, cut in a process of their own and kept."""
