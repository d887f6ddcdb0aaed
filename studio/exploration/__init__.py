"""What is being asked of models: one exploration, many small queries, measurements, models side by side."""
