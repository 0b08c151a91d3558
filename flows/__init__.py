"""Order, clock, settings, retries and the command line. Prefect is imported under this package only, and only for a run."""
