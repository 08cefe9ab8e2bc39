"""intake: lists that jamoats and NGOs bring, read and taken into the register.

In: a file as it came, how its columns are to be read, who brings it, the day.
Out: what became of each row; new files, statements, pairs to look at; a copy that says what to mend.
Never: a guess where two answers fit, a row lost or taken twice, a person outside the officer's scope.
"""
