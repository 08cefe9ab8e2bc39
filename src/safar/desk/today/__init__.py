"""Whom to help today."""
