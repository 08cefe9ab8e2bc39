"""guide: the guide for phones: a folder of static files that works without a network.

In: law.js, words, pages; the languages wanted.
Out: HTML, scripts and a service worker on disk; posters that lead there.
Never: Django, a clock, a request that carries anything from the phone.
"""
