"""Django's PostgreSQL backend, which first makes sure that the embedded server runs if that is the one asked for."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from safar.site.database.embedded import running_server


class DatabaseWrapper(base.DatabaseWrapper):
    """The same dialect and features as django.db.backends.postgresql."""

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; the embedded server is started here, when it is first needed and not before."""
        params: dict[str, Any] = super().get_connection_params()
        host = str(params.get("host", ""))
        if host.startswith("/"):
            params["host"] = running_server(Path(host))
        return params
