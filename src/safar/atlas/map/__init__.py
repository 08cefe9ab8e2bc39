"""map: places drawn as SVG on the server."""
