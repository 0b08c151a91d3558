"""Pure functions and spaCy components: text in, records out. No clock, no network, no environment."""
