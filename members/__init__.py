"""People, dependencias, admission and privacy."""
