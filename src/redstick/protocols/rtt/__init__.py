"""Real-time text: T.140 over RTP with redundancy (RFC 4103, RFC 2198). Pure: packets and the time in, text out."""
