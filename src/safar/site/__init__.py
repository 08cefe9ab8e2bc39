"""site: settings, addresses and the server that joins the doors.

In: the environment, the addresses of desk, portal and exchange.
Out: a running web application.
Never: a page, a rule, a table; nothing imports this room.
"""
