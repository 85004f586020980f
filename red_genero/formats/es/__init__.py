"""Mexican separators and dates over Django's Spanish."""
