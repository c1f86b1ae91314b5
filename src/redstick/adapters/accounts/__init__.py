"""Accounts in the world: a book in SQL that only the house may read, and argon2 in a pool that starves nobody."""
