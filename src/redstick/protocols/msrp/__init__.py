"""Message sessions (MSRP, RFC 4975) without relays, and messages in an envelope (CPIM, RFC 3862). Pure."""
