"""Tasks that test memory: what came long ago decides the answer."""
