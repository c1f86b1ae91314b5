"""How fast, measured as the standards measure it: intervals, nearest-rank percentiles with n, and what ran backwards."""
