"""Methods of a third party; every module of this package that has a value `method` is found."""
