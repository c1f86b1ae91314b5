"""Proof: a Merkle tree over the journal's lines, signed heads, inclusion and consistency."""
