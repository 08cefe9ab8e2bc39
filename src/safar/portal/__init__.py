"""portal: the pages for everyone: the guide's home, the public dashboard, the law browser.

In: a request from anybody, the clock.
Out: pages of public law and of figures too coarse to point at a person.
Never: a person's record, a sign-in, a cookie that follows.
"""
