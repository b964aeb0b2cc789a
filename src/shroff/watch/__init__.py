"""What changed, where, why, and what is new? Trends, alarms, causes, drift, terms, campaigns."""
