"""The journal and the laws of the house: envelope, executor, folds.

Sans-I/O: the kernel is stepped by a driver. It stands on the standard library, msgspec and cryptography only.
"""
