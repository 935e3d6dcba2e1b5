"""Files of runs and models: sealed by a checksum, checked before anything is built from them."""
