"""People out as files."""
