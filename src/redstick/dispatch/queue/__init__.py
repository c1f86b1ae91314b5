"""In which order what is pending is looked at: pure, without a clock."""
