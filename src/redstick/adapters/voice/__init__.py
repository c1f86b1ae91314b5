"""The embedded engine: SIP over UDP, TCP and TLS, and voice in G.711 over RTP, in one asyncio process."""
