"""Methods that explain a model; every module of this package that has a value `method` is found."""
