"""The one training loop, and the parts that methods put into it."""
