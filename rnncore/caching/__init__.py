"""Results that are computed once for all who ask."""
