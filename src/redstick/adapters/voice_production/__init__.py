"""The production engine: Kamailio takes SIP at the edge, Janus the voice of browsers; calls are decided here."""
