"""Which variables cause which? Methods that learn a graph from a table."""
