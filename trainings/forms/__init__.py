"""Forms of the trainings app, one module per page that uses them."""
