"""Views and controls that know nothing of methods: they show a value and tell of a gesture."""
