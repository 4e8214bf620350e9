"""Train the cells of the experiment; each run leaves one record."""
