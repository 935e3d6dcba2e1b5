"""The longest stretch of a text that was copied from what its network learned, in a line."""

from html import escape

from playground.components.terms import term


def copy_note(copied: str) -> str:
    """Return as HTML how long the longest stretch is that was copied from the training text, and which it is."""
    what = term("Longest copy from the training text",
                "The longest stretch of this text that stands in the training text word for word.")  # fmt: skip
    return f'<p class="note">{what}: {len(copied)} characters, <code>{escape(copied.strip())}</code></p>'
