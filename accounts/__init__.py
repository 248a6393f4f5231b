"""Who is there: users, companies, work sessions; tokens, registration, roles."""
