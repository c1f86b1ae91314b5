"""What people see of the phones."""
