"""Plate reads against a hot list, in classes that say how sure a match is; and how good each class is."""
