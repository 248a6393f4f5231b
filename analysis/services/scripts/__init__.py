"""The pieces of the scripts that people take home; each also runs here, so that it is checked like any other code."""
