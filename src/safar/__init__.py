"""Safar: the system behind a labour-migration programme. See ARCHITECTURE.md for the rooms."""

__version__ = "0.1.0"
