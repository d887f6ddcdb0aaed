"""The application: start-up, main window, panels, project store, job queue, engine threads, command line."""
