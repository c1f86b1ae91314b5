"""Every figure that the README or a decision record quotes, one command each: `redstick bench NAME`."""
