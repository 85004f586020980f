"""Formats of the interface by language."""
