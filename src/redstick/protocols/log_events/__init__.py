"""i3 log events (NENA-STA-010.3, logging service 1.2.1): their kinds, what each must say, and how they are signed."""
