"""The floor: what every app may use, built on Django alone."""
