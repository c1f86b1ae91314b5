"""Training: a shift of calls becomes an exercise, and what a trainee did at a seat becomes a sheet of scores."""
