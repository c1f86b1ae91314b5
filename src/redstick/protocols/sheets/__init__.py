"""Rows of text out of the files that spreadsheets write: CSV (RFC 4180) and Office Open XML workbooks (ECMA-376).

Read as a stream, bounded in line, size and cells, whatever a file claims to be. `rows.open_rows` picks the reader.
"""
