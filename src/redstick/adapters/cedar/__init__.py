"""Policies in Cedar, files that a council can read, compiled to the finite table that the kernel decides by.

Cedar is asked at each change of policy and at no other time: some 150 µs a decision from parsed policies against 0.2 µs
from the table, and the table needs neither Cedar nor the files to decide the same in twenty years.
"""
