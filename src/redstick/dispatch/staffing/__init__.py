"""How many people a floor needs: callers and radio traffic that wait for a person, and the service asked of them."""
