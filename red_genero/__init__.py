"""The project: settings, addresses and the pages that join every app."""
