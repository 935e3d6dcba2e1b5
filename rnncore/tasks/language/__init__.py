"""Tasks on words, sentences and texts."""
