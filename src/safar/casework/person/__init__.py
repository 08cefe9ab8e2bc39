"""person: what a file is made of, piece by piece, as the page shows it and as officers add to it.

In: an officer at work, a person of their scope, the day, the reader's language.
Out: frozen pieces of the person page; statements written down.
Never: a page as a whole (person_page puts it together), a row beyond the scope.
"""
