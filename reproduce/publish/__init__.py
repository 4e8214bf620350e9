"""Values in, files out: sentences stand in templates, numbers are written in `text`."""
