"""What one visitor has: a session, an address, uploads, and what ends with them."""
