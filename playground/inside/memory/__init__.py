"""The Memory page: what networks keep of what they read, where it lies, and what happens without it."""
