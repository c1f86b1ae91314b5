"""What people see of comms."""
