"""Records (what flows through the line) and the event store.

"Model" here means a record, never learned weights: those are *checkpoints*, declared in `corpus`.
This package imports nothing of ours.
"""
