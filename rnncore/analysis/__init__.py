"""Measurements of networks: what they do, and how their gradients flow."""
