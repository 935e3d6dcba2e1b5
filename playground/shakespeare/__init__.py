"""The Shakespeare page."""
