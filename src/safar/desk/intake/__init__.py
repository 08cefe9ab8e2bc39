"""Lists that jamoats and partners bring."""
