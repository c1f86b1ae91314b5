"""The city's phones on the line: what an engine hears of them becomes facts, and what the facts say rings."""
