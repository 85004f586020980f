"""Tags of the library."""
