"""What code reads and never computes: tables, sample articles with gold, checkpoints. `corpus.load` is the one loader.

Each `*_table.py` holds the shape of one kind of row and the function that reads it; the rows lie beside it as data.
"""
