"""The web's side of datasets: validate, one call, answer."""
