"""The models at hand: those of finished runs and those opened, their names, and their networks in other formats."""
