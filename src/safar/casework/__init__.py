"""casework: what an officer may do, and what an officer may ask.

In: who asks, in which organisation, on which day, and the words of the request.
Out: actions done and written down; frozen page objects; errors that tell a state of the world.
Never: a request or response, a clock, a row beyond the asker's scope.
"""
