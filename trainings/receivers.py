"""What trainings does when something ends elsewhere."""
