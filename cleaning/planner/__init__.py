"""Who proposes steps: rules over the profile, or a language model that is shown no rows. No Django here."""
