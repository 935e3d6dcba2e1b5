"""One visitor's session: state, address, set-up, uploads, and what ends with them."""
