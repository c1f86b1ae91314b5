"""Locations as GEOPRIV carries them: PIDF-LO in every shape of RFC 5491, civic addresses, and how SIP hands them over.

Lengths are millimetres, angles thousandths of a degree, positions 1e-7 degrees: whole numbers, so that what is read is
written again. What a shape means for a dispatcher is not decided here.
"""
