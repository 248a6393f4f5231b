"""What no feature owns: the error families, the one HTTP body, lists, parsers, throttles, health. Imports no app."""
