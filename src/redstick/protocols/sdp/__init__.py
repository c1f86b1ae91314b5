"""Session descriptions (RFC 8866) and the offer/answer model (RFC 3264): audio, video, real-time text, MSRP. Pure."""
