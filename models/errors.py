"""Every error Dealwire raises on purpose.

DealwireError
├── InputError    an article, file or row that cannot be used; it goes to quarantine
├── CorpusError   a table under `corpus/` is wrong; names file and row
└── StoreError    the event store refuses an operation
    └── StoreUnavailableError    its database does not answer: another try may help
"""


class DealwireError(Exception):
    """Base of the errors that are shown to people as one line, never as a traceback."""


class InputError(DealwireError):
    """An article, file or row that cannot be used.

    `where` names the file and, where there is one, the line: ``news.jsonl:17``.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class CorpusError(DealwireError):
    """A table under `corpus/` is wrong: unknown key, bad value, or a clash between two rows."""


class StoreError(DealwireError):
    """The event store refuses an operation."""


class StoreUnavailableError(StoreError):
    """The store's database does not answer, is busy or full: another try may help."""
