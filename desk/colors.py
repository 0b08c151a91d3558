"""Colours of deal types: those of Okabe and Ito, which people with colour-blind eyes tell apart, darkened to carry text."""

from __future__ import annotations

TYPES = {
    "investment": "#0a69a6", "acquisition": "#b8500b", "merger": "#8c5a2b", "share_transfer": "#a3508a", "stake": "#6b7280",
    "purchase": "#067a58", "license": "#8f6b00", "partnership": "#4d5b9e", "loan": "#1b7f9c", "offering": "#7a4fb0",
    "restructuring": "#5f6b3a",
}  # fmt: skip
OTHER = "#6b7280"


def color(kind: str) -> str:
    """The colour of a deal type; grey for one that has none of its own."""
    return TYPES.get(kind, OTHER)
