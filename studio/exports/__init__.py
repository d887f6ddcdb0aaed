"""What leaves the studio: data files, figures, models and scripts."""
