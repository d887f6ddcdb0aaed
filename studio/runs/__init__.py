"""The runs of the project: live, estimated, compared, held when the disk is full; sweeps, checks, and leaving."""
