"""The graph canvas: values it shows, geometry, painting, edits, and the view."""
