"""Officers of a register: invited, given roles, let go; and the role that one works in."""
