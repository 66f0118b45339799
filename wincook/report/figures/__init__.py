"""Pictures of errors: one value per picture, which holds plain data and knows how to be painted."""
