"""Pages of the library, by what a person comes to do."""
