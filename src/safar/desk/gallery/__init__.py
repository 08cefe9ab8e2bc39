"""The gallery: every part of the pages in every state, for whoever builds or reviews a page."""
