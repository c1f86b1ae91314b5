"""The independent verifier: the standard library and one signature library, nothing of ours."""
