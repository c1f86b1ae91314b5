"""LoST (RFC 5222), the client's side: whom to call for a place, and whether an address is known to routing. Pure."""
