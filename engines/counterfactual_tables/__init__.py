"""What would this row have been if …? Which changes meet my targets? Methods that answer with rows of a table."""
