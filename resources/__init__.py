"""The library and the help lines."""
