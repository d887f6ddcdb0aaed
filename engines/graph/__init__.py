"""Causal graphs: the type, its formats, separation, identification and layouts."""
