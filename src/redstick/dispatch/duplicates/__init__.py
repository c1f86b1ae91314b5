"""Duplicate and nearby calls: which incidents a new report may be about, each with a score and its terms.

The system suggests; a person attaches. The caller is never told by the machine that it is known already.
"""
