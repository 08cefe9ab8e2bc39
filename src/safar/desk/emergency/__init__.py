"""Emergencies: a file outside one's places is opened for a day, with a reason; whoever is responsible looks at it."""
