"""PostgreSQL for Django, through a pool of connections that outlives a restart of the server."""
