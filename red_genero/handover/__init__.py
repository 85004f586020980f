"""The handover pack: what each part of the portal tells the next administration, on paper and as data."""
