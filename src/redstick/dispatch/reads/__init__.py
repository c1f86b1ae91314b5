"""What people look at and look up: functions of committed state."""
