"""Pages of the members app."""
