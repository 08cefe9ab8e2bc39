"""exchange: the doors for machines: OpenRosa, the JSON API, messaging webhooks, the IATI feed.

In: signed requests from known systems, the clock.
Out: documents in the standard each system speaks.
Never: a rule of its own, a field that no agreement covers.
"""
