"""Bills as providers export them: CSV of any layout, understood by its heading, reported before it counts."""
