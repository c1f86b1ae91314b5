"""What an event starts and stops: one file per subject, each with its `TIMERS`; `reactions.py` joins them."""
