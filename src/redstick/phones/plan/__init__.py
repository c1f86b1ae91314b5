"""The dial plan: which digits leave the house, by which trunks; data that a person can review, and its linter."""
