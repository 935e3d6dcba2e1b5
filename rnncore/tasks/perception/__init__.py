"""Tasks on pictures, clips, sounds and molecules."""
