"""The page Learning to write."""
