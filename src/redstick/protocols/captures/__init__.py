"""Packet captures (pcap, pcapng) read back into what was said: SIP and HTTP messages, and RTP packets. Pure."""
