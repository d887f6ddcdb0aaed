"""The report: what stands in it, and the ways into it."""
