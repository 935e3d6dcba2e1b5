"""Every error the engine raises on purpose.

    PlaygroundError
    ├── ConfigError       a setting is unknown, of the wrong kind or out of range
    ├── LimitError        allowed in itself, but more than this server gives
    ├── RunError          the run cannot do that in its present state
    ├── CheckpointError   a file is not one of ours, or damaged
    └── DownloadError     a text could not be fetched

A message is one sentence for a person: what is wrong, what was expected, what was found, what to do.
"""


class PlaygroundError(Exception):
    """Base of all errors below; its text may be shown to a visitor as it is."""


class ConfigError(PlaygroundError):
    """A setting is unknown, of the wrong kind or out of range."""


class LimitError(PlaygroundError):
    """The request is valid but asks for more than this server gives."""


class RunError(PlaygroundError):
    """The run cannot do that in its present state."""


class CheckpointError(PlaygroundError):
    """A saved file cannot be used."""


class DownloadError(PlaygroundError):
    """A text could not be fetched."""
