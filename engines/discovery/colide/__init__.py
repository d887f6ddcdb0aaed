"""Which variables of a table cause which, and how strongly: CoLiDE."""
