"""What people see of savings: how each line stands, the curve, what was found; as a page, as paper, as tables."""
