"""Pages of the trainings app, one module per thing a person comes to do."""
