"""Tags of the trainings app."""
