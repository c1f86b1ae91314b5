"""A small table to start from: the kinds of the simulated parish with their common codes. A city adopts its own.

Codes are those of APCO ANS 2.103.2 (kinds) and 1.111.2 (dispositions), as listed in NENA-STA-021.1b, chapter 3.
"""

from redstick.dispatch.codes.table import CodeTable, DispositionCode, TypeCode

DEFAULT = CodeTable(
    types=(
        TypeCode("Cardiac arrest", "CARDIAC", "ems", 1),
        TypeCode("Chest pain", "CHESPAIN", "ems", 2),
        TypeCode("Breathing problem", "RESP", "ems", 2),
        TypeCode("Stroke symptoms", "STROKE", "ems", 2),
        TypeCode("Fall", "FALL", "ems", 3),
        TypeCode("Sick person", "SICK", "ems", 4),
        TypeCode("Crash with injuries", "MVAINJY", "traffic", 2),
        TypeCode("Crash, no injuries", "MVA", "traffic", 4),
        TypeCode("Traffic hazard", "THAZ", "traffic", 4),
        TypeCode("Structure fire", "FSTRU", "fire", 1),
        TypeCode("Smell of gas", "GASLEAK", "fire", 2),
        TypeCode("Commercial alarm", "ALMB", "fire", 3),
        TypeCode("Outside fire", "FBRUSH", "fire", 3),
        TypeCode("Disturbance", "DISORD", "police", 2),
        TypeCode("Break-in, in progress", "BURGLARY", "police", 1),
        TypeCode("Burglar alarm", "ALRBA", "police", 4),
        TypeCode("Welfare check", "WELFARE", "police", 3),
        TypeCode("Suspicious vehicle", "VEHSUSP", "police", 4),
        TypeCode("Theft report", "LARCENY", "police", 5),
        TypeCode("Noise", "NOISE", "police", 5),
    ),
    dispositions=(
        DispositionCode("report taken", "01"),
        DispositionCode("no report", "02"),
        DispositionCode("arrest", "03"),
        DispositionCode("cancelled", "10"),
        DispositionCode("gone on arrival", "14"),
        DispositionCode("false alarm", "17"),
        DispositionCode("settled by contact", "18"),
        DispositionCode("replaced", "22"),
        DispositionCode("fire out", "23"),
        DispositionCode("no patient found", "38"),
        DispositionCode("treated, not transported", "43"),
        DispositionCode("transported", "45"),
    ),
)
