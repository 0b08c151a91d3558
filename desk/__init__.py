"""The desk: where an analyst looks, checks and decides. Server-rendered pages over the event store, and the same as files."""
