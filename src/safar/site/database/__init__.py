"""PostgreSQL through Django's own backend; where the host is a folder, with a server that starts by itself."""
