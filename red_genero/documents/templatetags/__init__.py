"""Template tags of printed documents."""
