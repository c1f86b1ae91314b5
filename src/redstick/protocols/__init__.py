"""Codecs between bytes and typed values, pure and fuzzable; one file or folder per standard."""
