"""How officers come in: password and a second factor, or a passkey."""
